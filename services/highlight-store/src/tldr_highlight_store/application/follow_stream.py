"""What becomes of a stream elsewhere, as far as it concerns its highlights."""

from dataclasses import dataclass

from tldr_contracts.ids import StreamId
from tldr_highlight_store.application.ports import Announcements, ClipQueue, Highlights, Segments, StreamRecord, Streams
from tldr_highlight_store.domain.segment import Segment


@dataclass(frozen=True, slots=True)
class FollowStream:
    """Keep up with a stream: its request, its source as it is read, its end by decision."""

    streams: Streams
    highlights: Highlights
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
        before = await self.streams.get(stream)
        if before.dropped:
            return
        await self.segments.add(stream, segment)
        await self.streams.read(stream, until_ms=segment.end_ms)
        await self._cut_waiting(before, until_ms=segment.end_ms)

    async def source_ended(self, stream: StreamId, *, attempt: int, duration_ms: int) -> None:
        """No further segment will come in this attempt."""
        before = await self.streams.get(stream)
        await self.streams.read(stream, until_ms=duration_ms, ended_attempt=attempt)
        if not before.dropped and attempt >= before.attempt:
            await self._cut_waiting(before, until_ms=None)

    async def completed(self, stream: StreamId) -> None:
        """Its highlights are ready."""
        await self.streams.close(stream)
        await self.announcements.close(stream)

    async def failed(self, stream: StreamId, *, attempt: int) -> None:
        """An attempt was given up. Clips that are asked for are still cut: there is a bounded number of them, the moments
        are good, and a retry has a run of its own."""
        if attempt >= (await self.streams.get(stream)).attempt:
            await self.completed(stream)

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

    async def _cut_waiting(self, before: StreamRecord, *, until_ms: int | None) -> None:
        """Ask for the clips whose segments were not there before."""
        for highlight in await self.highlights.waiting(before.id, before.read_until_ms, until_ms):
            if highlight.worth_cutting:
                await self.clips.cut(highlight, priority=before.priority)
