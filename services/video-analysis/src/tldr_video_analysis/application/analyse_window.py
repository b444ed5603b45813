"""Analyse a window of a stream."""

from dataclasses import dataclass

from tldr_contracts.ids import StreamId
from tldr_streams.transactions import Transactions
from tldr_video_analysis.application.examine_segments import ExamineSegments
from tldr_video_analysis.application.ports import Sources, Work
from tldr_video_analysis.application.release_signals import ReleaseSignals
from tldr_video_analysis.domain.analysis.settings import AnalysisSettings
from tldr_video_analysis.domain.segments.part import SegmentPart
from tldr_video_analysis.domain.segments.segment import Segment, Window
from tldr_video_analysis.domain.streams.gap import inside, unexplained
from tldr_video_analysis.domain.streams.releasing import never_came
from tldr_video_analysis.domain.streams.window_analysis import WindowAnalysis, analysis_of, decode_gaps


@dataclass(frozen=True, slots=True)
class AnalyseWindow:
    """Read what is there, analyse it, keep the figures and release what is ready. Nothing is held open meanwhile."""

    examine: ExamineSegments
    sources: Sources
    examined_share: float

    async def __call__(
        self, wanted: StreamId, window: Window, transactions: Transactions[Work], *, attempt: int, last: bool
    ) -> None:
        """Raises what `ExamineSegments` does."""
        async with transactions.look() as work:
            stream = await work.streams.get(wanted)
            if not stream.works or not await work.windows.waits(wanted, window):
                return
            segments = await work.segments.around(wanted, window)
            known = await work.gaps.within(wanted, window.start_ms, window.end_ms)
        gaps = never_came(stream, window, segments, known)
        analysis = WindowAnalysis(window, gaps=gaps)
        if segments and stream.request:
            settings = AnalysisSettings(thorough=stream.request.examines_everything, examined_share=self.examined_share)
            parts = [self._part(segment) for segment in segments]
            figures, left_out = await self.examine(parts, window, settings, attempt=attempt, last=last)
            found = unexplained((*left_out, *unexplained(decode_gaps(figures), left_out)), known)
            gaps = (*gaps, *inside(found, window.start_ms, window.end_ms))
            analysis = analysis_of(window, figures, gaps, known)
        async with transactions.finish() as work:
            await conclude(work, wanted, analysis)

    def _part(self, segment: Segment) -> SegmentPart:
        return SegmentPart(
            index=segment.index,
            start_ms=segment.start_ms,
            end_ms=segment.end_ms,
            offset_ms=segment.offset_ms,
            has_video=segment.has_video,
            has_audio=segment.has_audio,
            source=self.sources.address(segment),
        )


async def conclude(work: Work, wanted: StreamId, analysis: WindowAnalysis) -> None:
    """Keep what came of a window and release what is ready, unless the stream's work was dropped meanwhile."""
    stream = await work.streams.lock(wanted)
    if stream.works:
        await work.windows.put(wanted, analysis)
        await ReleaseSignals(work)(stream)
