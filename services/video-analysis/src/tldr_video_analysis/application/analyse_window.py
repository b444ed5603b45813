"""Analyse a window of a stream, and those behind it where the analysis is behind."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tldr_contracts.ids import StreamId
from tldr_streams.transactions import Transactions
from tldr_video_analysis.application.examine_segments import ExamineSegments
from tldr_video_analysis.application.ports import Sources, Work
from tldr_video_analysis.application.release_signals import ReleaseSignals
from tldr_video_analysis.domain.analysis.analyser import AnalyserCrashed, AnalyserOverLimit, AnalyserTimedOut
from tldr_video_analysis.domain.analysis.settings import AnalysisSettings
from tldr_video_analysis.domain.figures.figures import Modality
from tldr_video_analysis.domain.segments.part import SegmentPart
from tldr_video_analysis.domain.segments.segment import Segment, Window
from tldr_video_analysis.domain.streams.analysed_stream import AnalysedStream
from tldr_video_analysis.domain.streams.gap import MEDIA, Gap, inside, unexplained
from tldr_video_analysis.domain.streams.releasing import never_came
from tldr_video_analysis.domain.streams.window_analysis import WindowAnalysis, analysis_of, apart, decode_gaps

_SOUND, _PICTURES = (Modality.AUDIO,), (Modality.VIDEO,)
_ENDED_BADLY = (AnalyserCrashed, AnalyserTimedOut, AnalyserOverLimit)


@dataclass(frozen=True, slots=True)
class _Task:
    """What is to be measured of windows that meet. `segments` are empty where nothing of them came."""

    stream: AnalysedStream
    windows: tuple[Window, ...]
    missing: tuple[Modality, ...]
    segments: Sequence[Segment]
    known: Sequence[Gap]
    holes: Sequence[Gap]
    attempt: int
    last: bool
    left_to_others: bool
    """Whether pictures are all that is missing, and jobs of their own look at those."""

    @property
    def whole(self) -> Window:
        return Window(self.windows[0].first_second, self.windows[-1].end_second)

    @property
    def can_part(self) -> bool:
        """Whether one of picture and sound may go ahead of the other."""
        both = any(one.has_video for one in self.segments) and any(one.has_audio for one in self.segments)
        return self.stream.live and both and self.missing == MEDIA

    @property
    def pictures_are_behind(self) -> bool:
        """Whether pictures of earlier windows are still being looked at."""
        return self.can_part and self.stream.video_until_s < self.whole.first_second


@dataclass(frozen=True, slots=True)
class AnalyseWindow:
    """Read what is there, analyse it, keep the figures and release what is ready. Nothing is held open meanwhile.

    Of a live window the sound is released by itself when both together take longer than `patience_s`, or when the pictures
    end their process; a job of their own looks at those then, and windows behind it wait for neither. Where it is the sound
    that fails, the pictures are released before the next attempt.
    """

    examine: ExamineSegments
    sources: Sources
    examined_share: float
    patience_s: float = 5.0

    async def __call__(
        self,
        wanted: StreamId,
        window: Window,
        transactions: Transactions[Work],
        *,
        attempt: int,
        last: bool,
        only: Modality | None = None,
    ) -> None:
        """Raises what `ExamineSegments` does."""
        async with transactions.look() as work:
            task = await self._task(work, wanted, window, attempt, last, only)
        if task is None:
            return
        if task.left_to_others:
            async with transactions.finish() as work:
                await work.queue.ask(task.stream, task.windows, only=Modality.VIDEO)
            return
        found = None if task.pictures_are_behind else await self._in_time(task, transactions)
        if found is None:
            found = await self._measure(task, _SOUND)
        async with transactions.finish() as work:
            await conclude(work, wanted, found)
            if not found[0].measured.issuperset(task.missing):
                await work.queue.ask(task.stream, task.windows, only=Modality.VIDEO)

    async def _task(
        self, work: Work, wanted: StreamId, window: Window, attempt: int, last: bool, only: Modality | None
    ) -> _Task | None:
        stream = await work.streams.get(wanted)
        if not stream.works or stream.request is None:
            return None
        together_s = stream.request.together_s if attempt == 1 else 0
        windows, measured = await work.windows.waiting_from(wanted, window, together_s)
        missing = tuple(one for one in MEDIA if one not in measured and only in (None, one))
        if not windows or not missing:
            return None
        whole = Window(windows[0].first_second, windows[-1].end_second)
        segments = await work.segments.around(wanted, whole)
        known = await work.gaps.within(wanted, whole.start_ms, whole.end_ms)
        holes = never_came(stream, whole, segments, known)
        there = any(one.start_ms < whole.end_ms and one.end_ms > whole.start_ms for one in segments)
        left = stream.live and only is None and missing == _PICTURES
        return _Task(stream, windows, missing, segments if there else (), known, holes, attempt, last, left)

    async def _in_time(self, task: _Task, transactions: Transactions[Work]) -> Sequence[WindowAnalysis] | None:
        """What there is to measure; None where that takes too long; of the sound only, where pictures end their process."""
        try:
            async with asyncio.timeout(self.patience_s if task.can_part else None):
                return await self._measure(task, task.missing)
        except TimeoutError:
            return None
        except _ENDED_BADLY as error:
            if not task.can_part:
                raise
            return await self._without_what_fails(task, transactions, error)

    async def _without_what_fails(
        self, task: _Task, transactions: Transactions[Work], error: Exception
    ) -> Sequence[WindowAnalysis]:
        """The sound. Where it is that which fails, the pictures are released, and the next attempt looks at the sound."""
        try:
            return await self._measure(task, _SOUND)
        except _ENDED_BADLY:
            pictures = await self._measure(task, _PICTURES)
            async with transactions.progress() as work:
                await conclude(work, task.stream.id, pictures)
            raise error from None

    async def _measure(self, task: _Task, modalities: Sequence[Modality]) -> tuple[WindowAnalysis, ...]:
        window, request = task.whole, task.stream.request
        gaps = tuple(gap for gap in task.holes if gap.modality in modalities)
        analysis = WindowAnalysis(window, gaps=gaps)
        if task.segments and request:
            settings = AnalysisSettings(
                thorough=request.examines_everything(window), examined_share=self.examined_share, live=request.live
            )
            parts = [self._part(segment, modalities) for segment in task.segments]
            parts = [part for part in parts if part.has_video or part.has_audio]
            figures, left_out = await self.examine(parts, window, settings, attempt=task.attempt, last=task.last)
            found = unexplained((*left_out, *unexplained(decode_gaps(figures), left_out)), task.known)
            gaps = (*gaps, *inside(found, window.start_ms, window.end_ms))
            analysis = analysis_of(window, figures, gaps, task.known)
        return apart(replace(analysis, measured=frozenset(modalities)), task.windows)

    def _part(self, segment: Segment, modalities: Sequence[Modality]) -> SegmentPart:
        return SegmentPart(
            index=segment.index,
            start_ms=segment.start_ms,
            end_ms=segment.end_ms,
            offset_ms=segment.offset_ms,
            has_video=segment.has_video and Modality.VIDEO in modalities,
            has_audio=segment.has_audio and Modality.AUDIO in modalities,
            source=self.sources.address(segment),
        )


async def conclude(work: Work, wanted: StreamId, analyses: Sequence[WindowAnalysis]) -> None:
    """Keep what came of windows and release what is ready, unless the stream's work was dropped meanwhile."""
    stream = await work.streams.lock(wanted)
    if stream.works:
        for analysis in analyses:
            before = None if analysis.whole else await work.windows.partly(wanted, analysis.window)
            await work.windows.put(wanted, before.with_rest(analysis) if before else analysis)
        await ReleaseSignals(work)(stream)
