"""The source of a stream as it is read and stored."""

from dataclasses import dataclass

from tldr_contracts.ids import StreamId
from tldr_highlight_store.application.work import Work
from tldr_highlight_store.domain.streams.segment import Segment
from tldr_highlight_store.domain.streams.stream import Stream


@dataclass(frozen=True, slots=True)
class FollowSource:
    """Keep the segments that clips are cut from, and ask for the clips that waited for them."""

    work: Work

    async def segment_stored(self, stream: StreamId, segment: Segment) -> None:
        """A segment can be cut from."""
        before = await self.work.streams.lock(stream)
        if before.dropped:
            return
        await self.work.segments.add(stream, segment)
        await self.work.streams.put(before.having_read(segment.end_ms))
        await self._cut_waiting(before, until_ms=segment.end_ms)

    async def ended(self, stream: StreamId, *, attempt: int, duration_ms: int) -> None:
        """No further segment will come in this attempt."""
        before = await self.work.streams.lock(stream)
        if before.dropped:
            return
        await self.work.streams.put(before.having_read(duration_ms, ended_attempt=attempt))
        if attempt >= before.attempt:
            await self._cut_waiting(before, until_ms=None)

    async def _cut_waiting(self, before: Stream, *, until_ms: int | None) -> None:
        """Ask for the clips whose segments were not there before."""
        for highlight in await self.work.highlights.waiting(before.id, before.read_until_ms, until_ms):
            if highlight.worth_cutting:
                await self.work.clips.cut(highlight, priority=before.priority)
