"""One job's reading: what it raises to be tried again, and what ends it."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest

from tldr_contracts.ids import StreamId
from tldr_ingest.application.copy_segments import Pace
from tldr_ingest.application.packed_window import PackedWindow
from tldr_ingest.application.ports import ReadingFailed
from tldr_ingest.application.read_media import ReadMedia
from tldr_ingest.application.reading import Reading
from tldr_ingest.application.stored_segment import StoredSegment
from tldr_ingest.application.stream_record import FilePlace
from tldr_ingest.domain.live.cursor import LiveCursor
from tldr_ingest.domain.media.source import (
    Container,
    CutSegment,
    Modality,
    ReadGap,
    ResumeCursor,
    SourceEnded,
    SourceEvent,
    SourceInfo,
    VideoTrack,
)
from tldr_streams.state import StreamState
from tldr_streams.transactions import Transactions
from tldr_streams.values import Failure, StoredObject

STREAM = StreamId("str_1")
INFO = SourceInfo("mp4", 9000, VideoTrack("h264", 1280, 720, 30.0), None)
PASSING = ReadingFailed(Failure("source_unavailable", "Gone."), passing=True)
FOR_GOOD = ReadingFailed(Failure("not_media", "Text."))


def cut(index: int) -> CutSegment:
    cursor = ResumeCursor(index, 4000 * index + 4000, None, index)
    start = 4000 * index
    return CutSegment(index, start, start + 4000, b"", Container.MP4, 0, index, True, False, (), 1, cursor)


@dataclass
class Source:
    """A reader of one source; notes where it was asked to go on."""

    events: tuple[SourceEvent | Exception, ...]
    asked_after: ResumeCursor | LiveCursor | None = None

    async def read(
        self, place: FilePlace, after: ResumeCursor | LiveCursor | None
    ) -> AsyncGenerator[SourceEvent, None]:
        self.asked_after = after
        for event in self.events:
            if isinstance(event, Exception):
                raise event
            yield event


class Shelf:
    """Stores nothing."""

    async def put_segment(self, stream: StreamId, segment: CutSegment, token: str) -> StoredSegment:
        stored = StoredObject("bucket", f"{segment.index}-{token}", 7, b"", "video/mp4")
        return StoredSegment(
            segment.index,
            segment.start_ms,
            segment.end_ms,
            stored,
            segment.container,
            0,
            0,
            True,
            False,
            (),
            1,
            segment.cursor,
        )

    async def put_window(self, stream: StreamId, window: PackedWindow, token: str) -> PackedWindow:
        return window


async def read(
    work: Any, source: Source, *, attempt: int = 1, last_try: bool = False, longest_ms: int = 1 << 40
) -> None:
    @asynccontextmanager
    async def opened() -> AsyncIterator[Any]:
        yield work

    reading = Reading(STREAM, attempt, "5-1", last_try)
    await ReadMedia(source, Shelf(), longest_ms, Pace())(reading, Transactions(opened, opened, opened))


async def test_a_source_is_read_to_its_end(begun: Any) -> None:
    await read(begun, Source((INFO, cut(0), cut(1), SourceEnded(8500, 2))))
    assert begun.said == ["started", "segment 0", "segment 1", "ended 1 at 8500"]
    assert (begun.record.media.segments, begun.record.media.size_bytes) == (2, 14)


async def test_trouble_that_passes_is_raised_and_the_next_try_goes_on_without_a_second_start(begun: Any) -> None:
    with pytest.raises(ReadingFailed):
        await read(begun, Source((INFO, cut(0), PASSING)))
    assert begun.said == ["started", "segment 0"]
    source = Source((INFO, cut(1), SourceEnded(8000, 2)))
    await read(begun, source)
    assert begun.said == ["started", "segment 0", "segment 1", "ended 1 at 8000"]
    assert source.asked_after == cut(0).cursor


async def test_the_last_try_and_what_does_not_pass_end_the_attempt(begun: Any) -> None:
    await read(begun, Source((INFO, cut(0), PASSING)), last_try=True)
    assert begun.said[-1] == "ended 1 at 4000 source_unavailable"


async def test_what_is_no_recording_never_starts(begun: Any) -> None:
    await read(begun, Source((FOR_GOOD,)))
    assert begun.said == ["ended 1 at 0 not_media"]


async def test_a_source_that_has_become_another_is_not_gone_on_with(begun: Any) -> None:
    with pytest.raises(ReadingFailed):
        await read(begun, Source((INFO, cut(0), PASSING)))
    other = replace(INFO, claimed_duration_ms=1, video=VideoTrack("vp9", 1280, 720, 30.0))
    await read(begun, Source((other, cut(1), SourceEnded(8000, 2))))
    assert begun.said[-1] == "ended 1 at 4000 source_changed"


async def test_a_recording_that_is_too_long_ends_at_the_limit(begun: Any) -> None:
    await read(begun, Source((INFO, *map(cut, range(5)), SourceEnded(20_000, 5))), longest_ms=8000)
    assert begun.said == ["started", "segment 0", "segment 1", "ended 1 at 8000 source_too_long"]


async def test_where_a_file_claims_to_have_ended_is_believed_up_to_the_limit(begun: Any) -> None:
    gap = ReadGap(Modality.VIDEO, 4000, 1 << 60, "source_truncated", "Cut off.")
    await read(begun, Source((INFO, cut(0), gap, SourceEnded(1 << 60, 1))), longest_ms=8000)
    assert begun.said == ["started", "segment 0", "gap 4000 to 8000", "ended 1 at 8000"]


@pytest.mark.parametrize("changes", [{"attempt": 2}, {"state": StreamState.CANCELLED}])
async def test_a_job_of_the_past_reads_nothing(begun: Any, changes: dict[str, Any]) -> None:
    begun.record = replace(begun.record, **changes)
    await read(begun, Source((INFO,)))
    assert begun.said == []
