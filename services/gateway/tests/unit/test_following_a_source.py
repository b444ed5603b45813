"""What ingest reports of a live source becomes the stream's live state and news, each told once."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tldr_contracts.ids import StreamId
from tldr_gateway.application.streams.follow_source import FollowSource
from tldr_gateway.domain.feed.news import News
from tldr_gateway.domain.streams.live import LONGEST_WAIT, SourceState
from tldr_gateway.domain.streams.source import LiveSettings, Push, Source, SourceKind
from tldr_gateway.domain.streams.stream import Failure, State

OFFLINE, STALLED = Failure("source_not_live", "It is not live."), Failure("source_stalled", "It gives nothing.")
LIVE = Source(SourceKind.LIVE, push=Push("5e"), live=LiveSettings(600, 120, 43_200))


@dataclass
class KeptNews:
    """A feed's log in memory."""

    told: list[News] = field(default_factory=list)

    async def tell(self, stream: StreamId, news: News) -> None:
        self.told.append(news)

    async def gone(self, stream: StreamId) -> None:
        raise AssertionError


@dataclass
class Reports:
    """Ingest's reports of one stream."""

    memory: Any
    stream: Any
    feed: KeptNews = field(default_factory=KeptNews)

    @property
    def follow(self) -> FollowSource:
        return FollowSource(self.memory.streams, self.memory.said, self.feed)

    @property
    def now(self) -> datetime:
        now: datetime = self.memory.clock.now()
        return now

    @property
    def live(self) -> Any:
        return self.memory.streams.rows[self.stream.id].live

    async def waiting(self, reason: Failure = OFFLINE, attempt: int = 1, wait: timedelta = timedelta(hours=1)) -> None:
        await self.follow.waiting(self.stream.id, attempt=attempt, at=self.now, reason=reason, until=self.now + wait)

    async def began(self, attempt: int = 1) -> None:
        await self.follow.began(
            self.stream.id, attempt=attempt, at=self.now, wall_zero_ms=1_769_889_600_000, wall_uncertainty_ms=500
        )

    async def interrupted(self) -> None:
        await self.follow.interrupted(self.stream.id, at=self.now, at_ms=60_000, reason=STALLED)

    async def resumed(self) -> None:
        await self.follow.resumed(self.stream.id, at=self.now, at_ms=90_000)

    async def ended(self, failure: Failure | None = None, attempt: int = 1) -> None:
        await self.follow.ended(self.stream.id, attempt=attempt, at=self.now, duration_ms=180_000, failure=failure)


@pytest.fixture
async def reports(memory: Any) -> Reports:
    stream = memory.stream(source=LIVE, state=State.PROCESSING)
    await memory.streams.add(stream)
    return Reports(memory, stream)


async def test_a_source_is_waited_for_then_live_interrupted_resumed_and_ended(reports: Reports) -> None:
    states = []
    for report in (reports.waiting, reports.began, reports.interrupted, reports.resumed, reports.ended):
        reports.memory.clock.pass_by(seconds=10)
        await report()
        states.append((reports.live.state, reports.live.reason))
        assert reports.live.since == reports.now
    assert states == [
        (SourceState.WAITING, OFFLINE),
        (SourceState.LIVE, None),
        (SourceState.INTERRUPTED, STALLED),
        (SourceState.LIVE, None),
        (SourceState.ENDED, None),
    ]
    assert reports.live.wall_zero_ms == 1_769_889_600_000
    assert reports.memory.said.facts == [
        ("live", {"wall_zero_ms": 1_769_889_600_000, "wall_uncertainty_ms": 500}),
        ("interrupted", {"at_ms": 60_000, "reason": STALLED}),
        ("resumed", {"at_ms": 90_000}),
        ("input_ended", {"duration_ms": 180_000, "failure": None}),
    ]
    assert [(news.kind, news.data["state"]) for news in reports.feed.told] == [("state", "waiting")]


async def test_what_is_known_is_not_told_again(reports: Reports) -> None:
    for report in (reports.waiting, reports.began, reports.interrupted, reports.resumed, reports.ended):
        await report()
        await report()
    assert reports.memory.said.kinds == ["live", "interrupted", "resumed", "input_ended"]
    assert len(reports.feed.told) == 1


async def test_another_reason_to_wait_is_news(reports: Reports) -> None:
    await reports.waiting()
    await reports.waiting(Failure("publisher_away", "The encoder sends nothing."))
    assert [news.data["failure"]["code"] for news in reports.feed.told] == ["source_not_live", "publisher_away"]


async def test_while_it_is_waited_for_or_interrupted_it_may_be_quiet_but_not_for_ever(reports: Reports) -> None:
    await reports.waiting(wait=timedelta(days=700))
    assert reports.live.quiet_until == reports.now + LONGEST_WAIT
    await reports.began()
    assert reports.live.quiet_until is None
    await reports.interrupted()
    assert reports.live.quiet_until == reports.now + timedelta(seconds=120)
    await reports.resumed()
    assert reports.live.quiet_until is None


async def test_outcomes_of_an_earlier_attempt_change_nothing(reports: Reports) -> None:
    reports.memory.streams.rows[reports.stream.id] = replace(reports.stream, attempt=2)
    for report in (reports.waiting, reports.began, reports.ended):
        await report()
    assert (reports.live, reports.memory.said.kinds) == (None, [])


async def test_a_source_that_was_never_live_did_not_end_for_anybody(reports: Reports) -> None:
    await reports.waiting()
    await reports.ended(Failure("never_live", "It never was."))
    assert (reports.live.state, reports.memory.said.kinds) == (SourceState.ENDED, [])


@pytest.mark.parametrize("changes", [{"source": Source(SourceKind.RECORDING)}, {"state": State.CANCELLED}])
async def test_of_recordings_and_of_streams_that_are_over_nothing_is_told(reports: Reports, changes: Any) -> None:
    reports.memory.streams.rows[reports.stream.id] = replace(reports.stream, **changes)
    for report in (reports.waiting, reports.began, reports.interrupted, reports.resumed, reports.ended):
        await report()
    assert (reports.live, reports.memory.said.kinds, reports.feed.told) == (None, [], [])


async def test_a_retried_stream_is_live_again_for_everybody(reports: Reports) -> None:
    await reports.memory.open()
    await reports.began()
    await reports.memory.follow.stalled(reports.stream.id, since=reports.now + timedelta(hours=1))
    await reports.memory.change.retry(reports.stream.id, actor="key_1")
    assert reports.live is None
    await reports.began(attempt=2)
    assert [kind for kind in reports.memory.said.kinds if kind == "live"] == ["live", "live"]
