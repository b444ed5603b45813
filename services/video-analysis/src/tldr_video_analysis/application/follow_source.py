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
from tldr_video_analysis.domain.streams.gap import Gap


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
        stream = stream.read(max(segment.end_ms for segment in segments))
        await self.work.streams.put(await self.plan(stream))

    async def gap_found(self, wanted: StreamId, gap: Gap) -> None:
        """A part could not be read. It is announced with the seconds around it, at once when those were already."""
        stream = await self.work.streams.lock(wanted)
        if stream.over:
            return
        await self.work.gaps.add(wanted, gap)
        if stream.live and gap.end_ms > stream.read_until_ms:
            stream = await self._pass(stream)
        await ReleaseSignals(self.work)(stream)

    async def ended(self, wanted: StreamId, attempt: int, *, duration_ms: int, failure: Failure | None) -> None:
        """Nothing more will be read in this attempt."""
        before = await self.work.streams.lock(wanted)
        now = before.ended(attempt, duration_ms, failure)
        if before.over or now is before:
            return
        await ReleaseSignals(self.work)(await self.plan.resume(before, now))

    async def _pass(self, stream: AnalysedStream) -> AnalysedStream:
        """Time goes on in a live stream that gives nothing: ingest says its gaps in order, so what all that it has lack up to
        somewhere never comes.
        """
        furthest = await self.work.gaps.furthest(stream.id, stream.read_until_ms)
        return await self.plan(stream.passed(min(furthest.get(modality, 0) for modality in stream.declared)))
