"""What becomes of a stream elsewhere, as far as it concerns its highlights."""

from dataclasses import dataclass

from tldr_contracts.ids import StreamId
from tldr_highlight_store.application.ports import ClipQueue, Segments, Streams
from tldr_highlight_store.domain.segment import Segment


@dataclass(frozen=True, slots=True)
class FollowStream:
    """Keep up with a stream: its request, its source as it is read, its end by decision."""

    streams: Streams
    segments: Segments
    clips: ClipQueue

    async def requested(self, stream: StreamId, *, priority: int) -> None:
        """The stream was submitted."""
        await self.streams.requested(stream, priority=priority)

    async def segment_stored(self, stream: StreamId, segment: Segment) -> None:
        """A segment can be cut from."""
        await self.segments.add(stream, segment)
        await self.streams.read(stream, until_ms=segment.end_ms, ended=False)

    async def source_ended(self, stream: StreamId, *, duration_ms: int) -> None:
        """No further segment will come."""
        await self.streams.read(stream, until_ms=duration_ms, ended=True)

    async def cancelled(self, stream: StreamId) -> None:
        """Drop its work on sight; what is there stays."""
        await self.streams.drop(stream)
        await self.clips.drop(stream)

    async def deleted(self, stream: StreamId) -> None:
        """Drop its work and delete all that came of it."""
        await self.cancelled(stream)
        await self.streams.forget(stream)
        await self.clips.purge(stream)
