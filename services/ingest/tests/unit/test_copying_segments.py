"""Segments are stored side by side, committed in order, a few at a time, and never more than a few are in memory."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field

import pytest

from tldr_ingest.application.announce_media import ReadFact
from tldr_ingest.application.copy_segments import CopySegments, Pace, Rest
from tldr_ingest.application.ports import ReadingFailed
from tldr_ingest.application.stored_segment import StoredSegment
from tldr_ingest.domain.media.source import (
    Container,
    CutSegment,
    Modality,
    ReadGap,
    ResumeCursor,
    SourceEnded,
    SourceEvent,
    SourceInfo,
)
from tldr_streams.values import Failure, StoredObject

INFO = SourceInfo("mp4", 0, None, None)
GAP = ReadGap(Modality.VIDEO, 4000, 5000, "timestamp_jump", "A hole.")
BAD = ReadingFailed(Failure("source_unavailable", "Gone."), passing=True)


def cut(index: int) -> CutSegment:
    return CutSegment(
        index=index,
        start_ms=4000 * index,
        end_ms=4000 * index + 4000,
        data=b"segment",
        container=Container.MP4,
        offset_ms=0,
        decode_from=index,
        has_video=True,
        has_audio=False,
        keyframes_ms=(),
        video_packets=1,
        cursor=ResumeCursor(index, 0, None, index),
    )


@dataclass
class Store:
    """Stores each segment once it is let; counts how many are in the making."""

    order: Sequence[int] = ()
    now: int = 0
    most: int = 0
    gates: dict[int, asyncio.Event] = field(default_factory=dict)

    async def __call__(self, segment: CutSegment) -> StoredSegment:
        self.now += 1
        self.most = max(self.most, self.now)
        if segment.index in self.gates:
            await self.gates[segment.index].wait()
        self.now -= 1
        stored = StoredObject("bucket", f"key {segment.index}", 7, b"", "video/mp4")
        return StoredSegment(segment.index, 0, 0, stored, segment.container, 0, 0, True, False, (), 1, segment.cursor)


async def source(*events: SourceEvent | Exception) -> AsyncGenerator[SourceEvent, None]:
    for event in events:
        if isinstance(event, Exception):
            raise event
        yield event


def said(batches: Sequence[Sequence[ReadFact]]) -> list[list[object]]:
    return [[fact.index if isinstance(fact, StoredSegment) else fact for fact in batch] for batch in batches]


async def copy(
    events: AsyncGenerator[SourceEvent, None], store: Store, pace: Pace
) -> tuple[list[Sequence[ReadFact]], Rest]:
    batches: list[Sequence[ReadFact]] = []

    async def commit(facts: Sequence[ReadFact]) -> None:
        batches.append(facts)

    return batches, await CopySegments(store, commit, pace)(events)


async def test_what_the_source_is_is_committed_at_once_and_segments_in_batches() -> None:
    events = source(INFO, *(cut(index) for index in range(5)), SourceEnded(20_000, 5))
    batches, rest = await copy(events, Store(), Pace(uploads=2, batch=2, every_s=10))
    assert said(batches) == [[INFO], [0, 1], [2, 3], [4]]
    assert rest == Rest((), 20_000)


async def test_segments_keep_their_order_whatever_was_stored_first() -> None:
    store = Store(gates={0: asyncio.Event()})
    copying = asyncio.create_task(copy(source(cut(0), cut(1), SourceEnded(8000, 2)), store, Pace()))
    while store.most < 2:
        await asyncio.sleep(0)
    store.gates[0].set()
    batches, _ = await copying
    assert said(batches) == [[0, 1]]


async def test_no_more_segments_are_taken_than_can_be_stored_at_a_time() -> None:
    store = Store(gates={index: asyncio.Event() for index in range(9)})
    copying = asyncio.create_task(copy(source(*map(cut, range(9)), SourceEnded(0, 9)), store, Pace(uploads=3)))
    for gate in store.gates.values():
        for _ in range(20):
            await asyncio.sleep(0)
        assert store.now <= 3
        gate.set()
    batches, _ = await copying
    assert (store.most, said(batches)) == (3, [list(range(9))])


async def test_a_gap_is_committed_with_the_segment_it_begins_in() -> None:
    events = source(cut(0), GAP, cut(1), GAP, SourceEnded(9000, 2))
    batches, rest = await copy(events, Store(), Pace(batch=1))
    assert said(batches) == [[0], [GAP, 1]]
    assert rest == Rest((GAP,), 9000)


async def test_a_slow_source_is_not_waited_for_before_a_commit() -> None:
    more = asyncio.Event()

    async def slow() -> AsyncGenerator[SourceEvent, None]:
        yield cut(0)
        await more.wait()
        yield SourceEnded(4000, 1)

    batches: list[Sequence[ReadFact]] = []

    async def commit(facts: Sequence[ReadFact]) -> None:
        batches.append(facts)
        more.set()

    async with asyncio.timeout(5):
        await CopySegments(Store(), commit, Pace(every_s=0.01))(slow())
    assert said(batches) == [[0]]


async def test_a_source_that_fails_does_so_after_what_came_before_was_committed() -> None:
    batches: list[Sequence[ReadFact]] = []

    async def commit(facts: Sequence[ReadFact]) -> None:
        batches.append(facts)

    with pytest.raises(ReadingFailed) as raised:
        await CopySegments(Store(), commit, Pace())(source(cut(0), cut(1), BAD))
    assert raised.value is BAD
    assert said(batches) == [[0, 1]]


async def test_a_store_that_fails_ends_the_reading_and_closes_the_source() -> None:
    closed = asyncio.Event()

    async def endless() -> AsyncGenerator[SourceEvent, None]:
        try:
            for index in range(1000):
                yield cut(index)
                await asyncio.sleep(0)
        finally:
            closed.set()

    async def store(segment: CutSegment) -> StoredSegment:
        raise OSError("the object store cannot be reached")

    async def commit(facts: Sequence[ReadFact]) -> None:
        raise AssertionError("nothing was stored")

    with pytest.raises(OSError, match="object store"):
        await CopySegments(store, commit, Pace())(endless())
    assert closed.is_set()
