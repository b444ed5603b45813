"""A live reading whose source, clock and store are played."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from tldr_contracts.ids import StreamId
from tldr_ingest.application.copy_segments import Pace
from tldr_ingest.application.live.ports import LiveSource, PageSource
from tldr_ingest.application.live.read_live import LiveLimits, ReadLive
from tldr_ingest.application.live.resolving import ResolvedSource
from tldr_ingest.application.reading import Reading
from tldr_ingest.application.stored_segment import StoredSegment
from tldr_ingest.application.stream_record import LiveSettings, Place
from tldr_ingest.domain.live.clock import ClockState
from tldr_ingest.domain.live.cursor import Going, LiveCursor
from tldr_ingest.domain.live.events import LiveEvent, LiveOpened
from tldr_ingest.domain.live.feed import WallSource
from tldr_ingest.domain.media.source import Container, CutSegment, SourceInfo, VideoTrack
from tldr_streams.transactions import Transactions
from tldr_streams.values import StoredObject

STREAM = StreamId("str_1")
WALL = 1_795_435_200_000
INFO = SourceInfo("mpegts", 0, VideoTrack("h264", 1280, 720, 30.0), None)
OPENED = LiveOpened(INFO, WALL, 250)
CLOCK = ClockState(WALL, WallSource.SOURCE, "0", 0, 0, WALL, 0)


def cut(index: int, start_ms: int | None = None) -> CutSegment:
    """A segment of two seconds."""
    start = 2000 * index if start_ms is None else start_ms
    cursor = LiveCursor(index, start + 2000, index, "c", None, CLOCK)
    return CutSegment(
        index, start, start + 2000, b"", Container.MP4, 0, index, True, False, (), 1, cursor, WALL + start
    )


@dataclass(frozen=True)
class Later:
    """So many seconds go by."""

    seconds: float


@dataclass(frozen=True)
class Until:
    """Nothing is given until that holds, and everybody knows of it."""

    holds: Callable[[], bool]

    async def wait(self) -> None:
        turns = 0
        while not self.holds() or turns < 50:
            turns += self.holds()
            await asyncio.sleep(0)


Said = LiveEvent | Exception | Later | Until


@dataclass
class Source:
    """Gives a list of events for each connection, or what finding it raises."""

    connections: list[Sequence[Said] | Exception]
    page: bool = False
    now_ms: int = WALL
    asked: list[Going] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)
    found: int = 0

    async def find(self, stream: StreamId, place: Place, settings: LiveSettings) -> LiveSource:
        self.found += 1
        if not self.connections:
            raise AssertionError("nothing more was to be asked")
        if isinstance(self.connections[0], Exception):
            raise self.connections.pop(0)  # type: ignore[misc] # an Exception, as was looked at
        return PageSource(ResolvedSource("https://example.com/a.m3u8", live=True), self.page)

    async def read(self, source: LiveSource, settings: LiveSettings, going: Going) -> AsyncGenerator[LiveEvent, None]:
        self.asked.append(going)
        events = self.connections.pop(0)
        assert not isinstance(events, Exception)
        for event in events:
            if isinstance(event, Later):
                self.now_ms += round(event.seconds * 1000)
            elif isinstance(event, Until):
                await event.wait()
            elif isinstance(event, Exception):
                raise event
            else:
                yield event

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now_ms += round(seconds * 1000)


class Shelf:
    """Stores nothing."""

    async def put_segment(self, stream: StreamId, one: CutSegment, token: str) -> StoredSegment:
        stored = StoredObject("bucket", f"{one.index}-{token}", 7, b"", "video/mp4")
        return StoredSegment(
            one.index, one.start_ms, one.end_ms, stored, one.container, 0, 0, True, False, (), 1, one.cursor
        )

    async def put_window(self, stream: StreamId, window: Any, token: str) -> Any:
        return window


async def read_live(work: Any, source: Source, *, attempt: int = 1, last_try: bool = False, **limits: Any) -> None:
    """One job's reading."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[Any]:
        yield work

    reading = Reading(STREAM, attempt, "5-1", last_try)
    wanted = LiveLimits(**{"longest_ms": 1 << 40, **limits})
    alone = Pace(batch=1)
    use = ReadLive(source, source, Shelf(), wanted, lambda: source.now_ms, source.sleep, alone, look_s=0.01)
    await use(reading, Transactions(opened, opened, opened))
