"""Feeds: many viewers cost one reader, a slow one is cut off, and whoever comes back misses nothing."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from tldr_contracts.ids import OrganizationId, StreamId
from tldr_gateway.application.feed.errors import FeedsClosed, TooManyViewers
from tldr_gateway.application.feed.hub import FeedHub
from tldr_gateway.application.feed.ports import Tailed
from tldr_gateway.application.feed.viewer import QUEUE, Viewer
from tldr_gateway.application.feed.watch_stream import Watch
from tldr_gateway.domain.feed.news import News, Told, state_news
from tldr_gateway.domain.streams.stream import State
from tldr_gateway.entrypoints.http.feed.sse import BEAT, encode
from tldr_testing import NOW, FixedClock, eventually

MINE, STREAM = OrganizationId("org_1"), StreamId("str_1")


@dataclass
class Table:
    """What was told of streams, and how often somebody asked for it. `kept_from`: earlier numbers are forgotten."""

    news: dict[StreamId, list[News]] = field(default_factory=lambda: {STREAM: []})
    kept_from: int = 1
    questions: int = 0
    failures: int = 0

    def tell(self, kind: str, stream: StreamId = STREAM, **data: Any) -> None:
        self.news[stream].append(News(kind, NOW, data))

    async def after(self, marks: Mapping[StreamId, int], *, limit: int) -> Mapping[StreamId, Tailed]:
        self.questions += 1
        if self.failures:
            self.failures -= 1
            raise OSError("the database is away")
        return {stream: self._tailed(stream, mark, limit) for stream, mark in marks.items() if stream in self.news}

    def _tailed(self, stream: StreamId, mark: int, limit: int) -> Tailed:
        numbered = [Told(number, news) for number, news in enumerate(self.news[stream], 1)]
        kept = [told for told in numbered if told.number is not None and told.number > max(mark, self.kept_from - 1)]
        return Tailed(kept[:limit], len(numbered))


@dataclass
class Figures:
    """How far streams are, and how often somebody asked."""

    read_until_ms: int = 0
    questions: int = 0

    async def __call__(self, organization: OrganizationId, stream: StreamId) -> dict[str, Any]:
        self.questions += 1
        return {"read_until_ms": self.read_until_ms}


@dataclass
class House:
    """A hub with its table."""

    table: Table = field(default_factory=Table)
    figures: Figures = field(default_factory=Figures)
    most_viewers: int = 500

    def __post_init__(self) -> None:
        self.hub = FeedHub(
            self.table, self.figures, encode, FixedClock(), most_viewers=self.most_viewers, progress_every_s=0.5
        )

    @asynccontextmanager
    async def open(self) -> AsyncIterator["House"]:
        running = asyncio.create_task(self.hub.run())
        await asyncio.sleep(0)
        try:
            yield self
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    def tell(self, kind: str, **data: Any) -> None:
        self.table.tell(kind, **data)
        self.hub.heard(STREAM)

    def enter(self, after: int | None = None, limit: int = 500) -> tuple[Viewer, bool]:
        told = len(self.table.news[STREAM])
        return self.hub.enter(MINE, STREAM, told=told, after=told if after is None else after, limit=limit)

    def watch(self, memory: Any, after: int | None, **changes: Any) -> Watch:
        stream = memory.stream(id=STREAM, told=len(self.table.news[STREAM]), **changes)
        viewer, behind = self.enter(after)
        return Watch(self.hub, stream, viewer, behind, after, FixedClock(), BEAT, 15, 3600)


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with House().open() as house:
        yield house


def parsed(data: bytes) -> tuple[str, str, Any]:
    """Id, name and data of an event."""
    lines = dict(line.split(": ", 1) for line in data.decode().splitlines() if ": " in line)
    return lines.get("id", ""), lines["event"], json.loads(lines["data"])


async def events(viewer: Viewer, count: int, *, but: str = "progress") -> list[tuple[str, str, Any]]:
    found: list[tuple[str, str, Any]] = []
    async with asyncio.timeout(5):
        while len(found) < count:
            event = parsed((await viewer.next()).data)
            found += [event] if event[1] != but else []
    return found


async def test_a_hundred_viewers_cost_one_reader_and_one_question(house: House) -> None:
    viewers = [house.enter()[0] for _ in range(100)]
    await eventually(lambda: _true(house.table.questions > 0 and not house.hub._dirty))
    before = house.table.questions
    house.tell("gap", code="late")
    seen = [await events(viewer, 1) for viewer in viewers]
    assert {told[0][:2] for told in seen} == {("1", "gap")}
    assert house.table.questions == before + 1
    assert house.figures.questions == 1


async def test_what_is_sent_is_made_once_for_all(house: House) -> None:
    first, second = house.enter()[0], house.enter()[0]
    house.tell("gap")
    frames = []
    for viewer in (first, second):
        frame = await viewer.next()
        frames.append(frame if frame.number else await viewer.next())
    assert frames[0].data is frames[1].data


async def test_a_viewer_for_whom_too_much_waits_is_told_to_connect_again(house: House) -> None:
    slow, _ = house.enter()
    for number in range(QUEUE + 10):
        house.tell("gap", number=number)

    async def cut() -> bool:
        return slow._over

    await eventually(cut)
    ((id, kind, data),) = await events(slow, 1)
    assert (id, kind, data["code"]) == ("", "reconnect", "too_slow")
    again, behind = house.enter(after=0)
    assert behind
    assert [told.number for told in await house.hub.backlog(STREAM, again.sent)] == list(range(1, 201))


async def test_a_viewer_who_comes_back_reads_what_was_missed_and_nothing_twice(memory: Any, house: House) -> None:
    for number in range(5):
        house.table.tell("gap", number=number)
    watch = house.watch(memory, after=2)
    seen: list[tuple[str, str]] = []
    async with asyncio.timeout(5):
        async for data in watch():
            if data == BEAT or b"event: progress" in data:
                continue
            seen.append(parsed(data)[:2])
            if len(seen) == 3:
                house.tell("highlight.detected")
                house.table.news[STREAM].append(state_news(STREAM, State.COMPLETED, NOW))
                house.hub.heard("")
    assert seen == [("3", "gap"), ("4", "gap"), ("5", "gap"), ("6", "highlight.detected"), ("7", "state")]
    watch.leave()


async def test_what_is_read_again_and_handed_out_as_well_is_sent_once(memory: Any, house: House) -> None:
    first, _ = house.enter()
    house.tell("gap")
    await events(first, 1)
    watch = house.watch(memory, after=0)
    assert watch.behind
    house.tell("gap")
    await events(first, 1)  # so it waits for the second viewer too, who is about to read it
    stream = watch()
    seen = [parsed(data)[0] async for data in _some(stream, 2)]
    house.tell("gap")
    seen += [parsed(data)[0] async for data in _some(stream, 2) if b"progress" not in data]
    assert seen == ["1", "2", "3"]


async def test_whoever_asks_for_nothing_earlier_begins_with_the_present_state(memory: Any, house: House) -> None:
    for _ in range(3):
        house.table.tell("gap")
    watch = house.watch(memory, after=None, state=State.PROCESSING)
    stream = watch()
    id, kind, data = parsed(await anext(stream))
    assert (id, kind, data["state"]) == ("3", "state", "processing")
    house.tell("highlight.ready")
    rest = [data async for data in _some(stream, 2)]
    assert [parsed(data)[:2] for data in rest if b"progress" not in data] == [("4", "highlight.ready")]


async def test_what_is_not_kept_any_longer_is_said_to_be_missed(memory: Any, house: House) -> None:
    for _ in range(5):
        house.table.tell("gap")
    house.table.kept_from = 4
    found = [parsed(data) async for data in _some(house.watch(memory, after=1)(), 3)]
    assert [(id, kind) for id, kind, _ in found] == [("", "missed"), ("4", "gap"), ("5", "gap")]
    assert (found[0][2]["first"], found[0][2]["last"]) == (2, 3)
    house.table.kept_from = 99
    (alone,) = [parsed(data) async for data in _some(house.watch(memory, after=1)(), 1)]
    assert (alone[1], alone[2]["first"], alone[2]["last"]) == ("missed", 2, 5)


async def test_news_between_the_look_at_a_stream_and_its_first_viewer_is_not_lost(house: House) -> None:
    house.table.tell("gap")
    viewer, behind = house.hub.enter(MINE, STREAM, told=0, after=0, limit=10)
    assert not behind
    assert (await events(viewer, 1))[0][:2] == ("1", "gap")


async def test_a_viewer_who_joins_later_reads_what_was_handed_out_meanwhile(house: House) -> None:
    first, _ = house.enter()
    house.tell("gap")
    await events(first, 1)
    _, behind = house.hub.enter(MINE, STREAM, told=0, after=0, limit=10)
    assert behind


async def test_progress_is_asked_once_for_a_stream_and_told_when_it_changed(house: House) -> None:
    viewers = [house.enter()[0] for _ in range(20)]
    for viewer in viewers:
        assert (await events(viewer, 1, but="gap"))[0] == ("", "progress", {"read_until_ms": 0})
    assert house.figures.questions == 1
    late, _ = house.enter()
    assert (await events(late, 1, but="gap"))[0][1] == "progress", "known, so nobody is asked"
    assert house.figures.questions == 1
    await eventually(lambda: _true(house.figures.questions == 2))
    assert late._waiting.empty(), "nothing changed"
    house.figures.read_until_ms = 4000
    assert (await events(late, 1, but="gap"))[0][2] == {"read_until_ms": 4000}


async def test_a_stream_that_nobody_watches_is_neither_read_nor_asked_about(house: House) -> None:
    viewer, _ = house.enter()
    await events(viewer, 1, but="gap")
    house.hub.leave(STREAM, viewer)
    questions, asked = house.table.questions, house.figures.questions
    house.tell("gap")
    await asyncio.sleep(0)
    assert (house.table.questions, house.figures.questions, house.hub._tails) == (questions, asked, {})


async def test_a_deleted_stream_ends_its_feeds(house: House) -> None:
    viewer, _ = house.enter()
    del house.table.news[STREAM]
    house.hub.heard(STREAM)
    ((_, kind, data),) = await events(viewer, 1)
    assert (kind, data["state"]) == ("state", "deleted")


async def test_a_server_that_stops_tells_its_viewers_and_lets_nobody_in() -> None:
    async with House().open() as house:
        viewer, _ = house.enter()
    ((_, kind, data),) = await events(viewer, 1)
    assert (kind, data["code"]) == ("reconnect", "server_stops")
    with pytest.raises(FeedsClosed):
        house.enter()


async def test_viewers_of_an_organization_and_of_a_process_are_counted() -> None:
    async with House(most_viewers=3).open() as house:
        for _ in range(2):
            viewer, _ = house.enter(limit=2)
        with pytest.raises(TooManyViewers):
            house.enter(limit=2)
        house.hub.enter(OrganizationId("org_2"), StreamId("str_2"), told=0, after=0, limit=2)
        house.hub.leave(STREAM, viewer)
        house.enter(limit=2)
        with pytest.raises(FeedsClosed):
            house.hub.enter(OrganizationId("org_3"), StreamId("str_3"), told=0, after=0, limit=2)


async def test_silence_is_filled_and_a_long_feed_begins_anew(memory: Any) -> None:
    async with House().open() as house:
        viewer, behind = house.enter()
        stream = memory.stream(id=STREAM)
        watch = Watch(house.hub, stream, viewer, behind, 0, FixedClock(), BEAT, 0.01, 0.05)
        sent = [data async for data in watch()]
    assert BEAT in sent
    assert parsed(sent[-1])[1:] == ("reconnect", {"code": "renew", "reason": parsed(sent[-1])[2]["reason"]})


async def test_a_reader_that_failed_reads_the_same_again(house: House) -> None:
    viewer, _ = house.enter()
    await events(viewer, 1, but="gap")
    house.table.failures = 1
    house.tell("gap")
    assert (await events(viewer, 1))[0][:2] == ("1", "gap")
    assert house.table.failures == 0


def test_an_event_has_the_form_that_browsers_read() -> None:
    news = News("gap", NOW + timedelta(seconds=1), {"reason": "two\nlines"})
    assert encode(Told(7, news)) == b'id: 7\nevent: gap\ndata: {"reason":"two\\nlines"}\n\n'
    assert encode(Told(None, news)).startswith(b"event: gap\n")


async def _some(stream: AsyncIterator[bytes], count: int) -> AsyncIterator[bytes]:
    async with asyncio.timeout(5):
        while count:
            yield await anext(stream)
            count -= 1


async def _true(value: bool) -> bool:
    return value
