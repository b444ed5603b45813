"""Words of chat reach the timeline, and what a channel's streams teach is kept for that channel alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tldr.chat_signals.v1 import chat_signals_pb2
from tldr_contracts.ids import RunId, StreamId
from tldr_database import driver
from tldr_fusion_detector.adapters.moments.detector_thread import ThreadDetector
from tldr_fusion_detector.adapters.moments.live_detector_thread import ThreadLiveDetector
from tldr_fusion_detector.adapters.retention_postgres import PostgresRetention
from tldr_fusion_detector.adapters.scoring.vocabularies_postgres import PostgresVocabularies
from tldr_fusion_detector.application.moments.advance_live import AdvanceLive
from tldr_fusion_detector.application.moments.advance_stream import AdvanceStream
from tldr_fusion_detector.application.moments.detect_run import DetectRun
from tldr_fusion_detector.application.signals.deadlines import Deadlines
from tldr_fusion_detector.application.signals.view_stream import view_stream
from tldr_fusion_detector.domain.moments.detection import Detection

CHANNEL = "twitch/example"


@dataclass
class Learning:
    """A detector that learns how many seconds it saw, and remembers what it was handed."""

    handed: list[Mapping[str, Any] | None] = field(default_factory=list)
    detector: ThreadDetector = field(default_factory=ThreadDetector)

    async def __call__(
        self, timeline: Any, profile: Any, mode: Any, *, vocabulary: Mapping[str, Any] | None = None, **known: Any
    ) -> Detection:
        self.handed.append(vocabulary)
        before = vocabulary["seconds"] if vocabulary else 0
        detection = await self.detector(timeline, profile, mode, **known)
        return replace(detection, learned={"seconds": before + timeline.length_s})


async def advanced(service: Any, stream: str) -> list[Mapping[str, Any] | None]:
    """What the detector was handed in one advance."""
    detector = Learning()
    await AdvanceStream(DetectRun(detector), AdvanceLive(ThreadLiveDetector(), Deadlines()))(
        StreamId(stream), service.transactions
    )
    return detector.handed


def of_channel(messages: list[Any], channel: str = CHANNEL) -> list[Any]:
    messages[0].requested.channel = channel
    return messages


def with_words(measured: Any, *said: tuple[int, str, int]) -> Any:
    """The same measurement with `(second, word, messages)`."""
    words = sorted({word for _, word, _ in said})
    seconds, indexes, counts = zip(*((second, words.index(word), count) for second, word, count in said), strict=True)
    start_s = measured.measured.series[0].start_s
    measured.measured.words.CopyFrom(
        chat_signals_pb2.WordCounts(start_s=start_s, words=words, seconds=seconds, word_indexes=indexes, counts=counts)
    )
    return measured


async def words_of(service: Any, stream: str) -> list[tuple[int, str, int]]:
    async with service.open() as work:
        words = (await (await view_stream(work, StreamId(stream))).timeline(work.signals)).words
    parts = zip(words.seconds, words.indexes, words.counts, strict=True)
    return [(int(second), words.words[index], int(count)) for second, index, count in parts]


async def vocabulary_of(service: Any, channel: str = CHANNEL) -> Any:
    async with service.open() as work:
        return await work.vocabularies.of(channel)


async def test_words_arrive_in_the_timeline_and_a_redelivery_changes_nothing(
    service: Any, stream: str, broadcast_of: Any
) -> None:
    broadcast = broadcast_of(stream)
    chat = list(broadcast.chat())
    first = with_words(chat[0], (0, "gg", 2), (0, "wp", 1), (9, "gg", 5))
    second = with_words(chat[1], (3, "pog", 4))
    await service.tell(broadcast.requested(), broadcast.opened(), second, first, *chat[2:], first, *broadcast.video())
    assert await words_of(service, stream) == [(0, "gg", 2), (0, "wp", 1), (9, "gg", 5), (13, "pog", 4)]


async def test_words_that_break_the_rules_cost_nothing_but_themselves(
    service: Any, stream: str, broadcast_of: Any
) -> None:
    broadcast = broadcast_of(stream)
    chat = list(broadcast.chat())
    words = chat[0].measured.words
    words.words.extend(["gg", "x" * 30])
    words.seconds.extend([0, 1, 2, 3])
    words.word_indexes.extend([0, 1, 7])
    words.counts.extend([1, 1, 1, 1, 1])
    await service.tell(broadcast.requested(), broadcast.opened(), *broadcast.video(), *chat)
    assert await words_of(service, stream) == [(0, "gg", 1)]
    async with service.open() as work:
        series = (await (await view_stream(work, StreamId(stream))).timeline(work.signals)).series
    assert "chat.rate" in series


async def test_the_first_stream_of_a_channel_teaches_the_next_one(service: Any, broadcast_of: Any) -> None:
    first, second = (broadcast_of(f"str_{service.organization}_{number}") for number in range(2))
    await service.tell(*of_channel(first.whole()))
    assert await advanced(service, first.stream) == [None]
    kept = await vocabulary_of(service)
    assert (kept.version, kept.learned, kept.seconds_learned) == (1, {"seconds": 180}, 180)

    await service.tell(*of_channel(second.whole()))
    assert await advanced(service, second.stream) == [{"seconds": 180}]
    kept = await vocabulary_of(service)
    assert (kept.version, kept.learned, kept.seconds_learned) == (2, {"seconds": 360}, 360)


async def test_a_run_uses_what_was_known_at_its_first_advance_to_its_end(
    service: Any, stream: str, broadcast_of: Any
) -> None:
    broadcast, other = broadcast_of(stream), broadcast_of(f"{stream}_other")
    whole = of_channel(broadcast.whole())
    early = [broadcast.requested(), broadcast.opened(), *broadcast.video(end=132), *broadcast.chat(end=130)]
    await service.tell(*of_channel(early))
    assert await advanced(service, stream) == [None]
    assert await vocabulary_of(service) is None, "nothing is kept before the end"
    await service.tell(*of_channel(other.whole()))
    await advanced(service, other.stream)

    await service.tell(*whole[1:])
    assert await advanced(service, stream) == [None], "another stream of the channel ended meanwhile"
    async with service.open() as work:
        first, last = [await work.runs.get((await work.streams.get(one)).run) for one in (stream, other.stream)]
    assert (first.vocabulary, last.vocabulary) == (None, None)
    again = broadcast_of(f"{stream}_again")
    await service.tell(*of_channel(again.whole()))
    await advanced(service, again.stream)
    async with service.open() as work:
        run = await work.runs.get((await work.streams.get(StreamId(again.stream))).run)
    assert run.vocabulary == {"seconds": 180}
    assert run.rescored(RunId("run_2"), run.profile).vocabulary == {"seconds": 180}


async def test_two_organizations_with_the_same_channel_share_nothing(service: Any, broadcast_of: Any) -> None:
    other = replace(service, organization=f"{service.organization}_other")
    mine, theirs = broadcast_of(f"str_{service.organization}"), broadcast_of(f"str_{other.organization}")
    await service.tell(*of_channel(mine.whole()))
    await advanced(service, mine.stream)
    assert await vocabulary_of(other) is None
    await other.tell(*of_channel(theirs.whole()))
    assert await advanced(other, theirs.stream) == [None]
    assert (await vocabulary_of(service)).version == (await vocabulary_of(other)).version == 1


async def test_a_stream_without_a_channel_takes_nothing_and_leaves_nothing(
    service: Any, stream: str, broadcast_of: Any
) -> None:
    await service.tell(*broadcast_of(stream).whole())
    assert await advanced(service, stream) == [None]
    assert await service.fetch("SELECT 1 FROM vocabularies WHERE organization_id = $1", service.organization) == []


async def test_of_too_many_channels_the_one_unused_longest_is_forgotten(service: Any) -> None:
    for channel in "abcbd":  # b was used again before d came
        async with service.database.tenant(service.organization) as transaction:
            kept = PostgresVocabularies(transaction, service.organization, at_most=3)
            await kept.keep(channel, {"seconds": 1}, seconds=1)
            if channel == "c":
                await kept.of("a")
    rows = await service.fetch("SELECT channel FROM vocabularies WHERE organization_id = $1", service.organization)
    assert {row["channel"] for row in rows} == {"a", "b", "d"}


@pytest.mark.parametrize(("days", "kept"), [(29, True), (31, False)])
async def test_a_vocabulary_that_is_not_used_is_forgotten_after_thirty_days(
    service: Any, days: int, kept: bool
) -> None:
    async with service.open() as work:
        await work.vocabularies.keep(CHANNEL, {}, seconds=1)
    async with service.database.system() as transaction:
        await (await driver(transaction)).execute(
            "UPDATE vocabularies SET updated_at = now() - make_interval(days => $2) WHERE organization_id = $1",
            service.organization,
            days,
        )
    await PostgresRetention(service.database).forget(datetime.now(UTC), timedelta(days=30))
    assert (await vocabulary_of(service) is not None) is kept
