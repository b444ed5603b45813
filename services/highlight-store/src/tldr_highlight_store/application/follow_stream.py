"""What becomes of a stream elsewhere, as far as it concerns its highlights."""

from dataclasses import dataclass

from tldr_contracts.ids import StreamId
from tldr_highlight_store.application.ports import Announcements, ClipQueue, Segments, Streams
from tldr_highlight_store.domain.segment import Segment


@dataclass(frozen=True, slots=True)
class FollowStream:
    """Keep up with a stream: its request, its source as it is read, its end by decision."""

    streams: Streams
    segments: Segments
    clips: ClipQueue
    announcements: Announcements

    async def requested(self, stream: StreamId, *, priority: int) -> None:
        """The stream was submitted."""
        await self.streams.requested(stream, priority=priority)

    async def retried(self, stream: StreamId, *, attempt: int) -> None:
        """A failed stream is tried again."""
        await self.streams.retried(stream, attempt=attempt)

    async def segment_stored(self, stream: StreamId, segment: Segment) -> None:
        """A segment can be cut from."""
        if (await self.streams.get(stream)).dropped:
            return
        await self.segments.add(stream, segment)
        await self.streams.read(stream, until_ms=segment.end_ms)

    async def source_ended(self, stream: StreamId, *, attempt: int, duration_ms: int) -> None:
        """No further segment will come in this attempt."""
        await self.streams.read(stream, until_ms=duration_ms, ended_attempt=attempt)

    async def over(self, stream: StreamId) -> None:
        """It was completed or has failed. Clips that are asked for are still cut: there is a bounded number of them,
        the moments are good, and a retry has a run of its own."""
        await self.streams.close(stream)
        await self.announcements.close(stream)

    async def cancelled(self, stream: StreamId) -> None:
        """Drop its work on sight; what is there stays."""
        await self.clips.drop(stream)
        await self.streams.drop(stream)
        await self.announcements.close(stream)

    async def deleted(self, stream: StreamId) -> None:
        """Drop its work and delete all that came of it."""
        await self.cancelled(stream)
        await self.streams.forget(stream)
        await self.clips.purge(stream)
