"""What ingest says of a stream's source."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tldr_contracts.ids import StreamId
from tldr_streams.values import Failure
from tldr_video_analysis.application.plan_windows import PlanWindows
from tldr_video_analysis.application.ports import Work
from tldr_video_analysis.application.release_signals import ReleaseSignals
from tldr_video_analysis.domain.figures.figures import Modality
from tldr_video_analysis.domain.segments.segment import Segment
from tldr_video_analysis.domain.streams.analysed_stream import AnalysedStream
from tldr_video_analysis.domain.streams.gap import Gap, passed

_FOR_EVER = 2**62


@dataclass(frozen=True, slots=True)
class FollowSource:
    """Keep what was read, and ask for its analysis as soon as enough of it is there."""

    work: Work
    plan: PlanWindows

    async def opened(self, wanted: StreamId, attempt: int, modalities: tuple[Modality, ...]) -> None:
        """The source was opened; it has these modalities."""
        before = await self.work.streams.lock(wanted)
        if before.over or attempt < before.attempt:
            return
        now = replace(before.at_attempt(attempt), opened_attempt=attempt, modalities=modalities)
        await self.work.streams.put(await self.plan.resume(before, now))

    async def stored(self, wanted: StreamId, segments: Sequence[Segment]) -> None:
        """Segments, in order of index. One that never comes shows as a hole between its neighbours."""
        stream = await self.work.streams.lock(wanted)
        if stream.over:
            return
        await self.work.segments.add(wanted, segments)
        stream = await self._plan(stream.read(max(segment.end_ms for segment in segments)))
        if stream.media_until_ms < stream.read_until_ms:
            await ReleaseSignals(self.work)(stream)
        else:
            await self.work.streams.put(stream)

    async def gap_found(self, wanted: StreamId, gap: Gap) -> None:
        """A part could not be read. It is announced with the seconds around it, at once when those were already."""
        stream = await self.work.streams.lock(wanted)
        if stream.over:
            return
        await self.work.gaps.add(wanted, gap)
        await ReleaseSignals(self.work)(await self._plan(stream))

    async def ended(self, wanted: StreamId, attempt: int, *, duration_ms: int, failure: Failure | None) -> None:
        """Nothing more will be read in this attempt."""
        before = await self.work.streams.lock(wanted)
        now = before.ended(attempt, duration_ms, failure)
        if before.over or now is before:
            return
        await ReleaseSignals(self.work)(await self.plan.resume(before, now))

    async def _plan(self, stream: AnalysedStream) -> AnalysedStream:
        """Time goes on in a live stream that gives nothing: what continues as a gap of all that it has never comes. A gap may
        be said before the segment in which it begins: then it continues nothing yet.
        """
        if stream.live:
            ahead = await self.work.gaps.within(stream.id, stream.read_until_ms, _FOR_EVER)
            stream = stream.passed(passed(stream.read_until_ms, ahead, stream.declared))
        return await self.plan(stream)
