"""Has segments analysed, whatever they do to the analyser: a bad one costs itself and not its neighbours."""

from collections.abc import Sequence
from dataclasses import dataclass

from tldr_video_analysis.domain.analysis.analyser import (
    AnalyserCrashed,
    AnalyserOverLimit,
    AnalyserTimedOut,
    PartUnavailable,
    SegmentAnalyser,
)
from tldr_video_analysis.domain.analysis.settings import AnalysisSettings
from tldr_video_analysis.domain.figures.figures import Figures, Modality
from tldr_video_analysis.domain.segments.part import SegmentPart, seconds_starting_in
from tldr_video_analysis.domain.segments.segment import Window
from tldr_video_analysis.domain.streams.gap import Gap

_TRIES = 3
"""A process may also die of something else, for example of memory that others took."""

_DECODE_FAILED = ("decode_failed", "It could not be decoded.")
_TOO_HEAVY = ("media_too_heavy", "Decoding it takes more memory than a recording does. Convert it to MP4 or Matroska.")

Parts = Sequence[SegmentPart]


@dataclass(frozen=True, slots=True)
class ExamineSegments:
    """Each call of `analyser` has a process to itself: whatever ends there ended by its own fault."""

    analyser: SegmentAnalyser

    async def __call__(
        self, parts: Parts, window: Window, settings: AnalysisSettings, *, attempt: int, last: bool
    ) -> tuple[Figures, tuple[Gap, ...]]:
        """The window's figures, and gaps for the segments that had to be left out; in the first attempt, those that
        want too much memory only.

        Raises what `SegmentAnalyser` raises when another attempt may do better; in the `last` one, segments that cannot be
        fetched are left out.
        """
        left_out: tuple[Gap, ...] = ()
        while True:
            try:
                return await self._figures(parts, window, settings), left_out
            except PartUnavailable as error:
                if not last:
                    raise
                left_out += _gaps(parts, [error.index], "segment_unavailable", "The file could not be fetched.")
                parts = [part for part in parts if part.index != error.index]
            except (AnalyserCrashed, AnalyserTimedOut, AnalyserOverLimit) as error:
                if attempt == 1 and not isinstance(error, AnalyserOverLimit):
                    raise
                faults = {part.index: await self._fault(part, settings) for part in parts}
                fatal = [index for index, fault in faults.items() if fault]
                if not fatal:
                    raise
                for fault in (_DECODE_FAILED, _TOO_HEAVY):
                    left_out += _gaps(parts, [index for index in fatal if faults[index] == fault], *fault)
                parts = [part for part in parts if part.index not in fatal]

    async def _figures(self, parts: Parts, window: Window, settings: AnalysisSettings) -> Figures:
        if not parts:
            return Figures(window.first_second, window.end_second, {})
        return await self.analyser(parts, window.first_second, window.end_second, settings)

    async def _fault(self, part: SegmentPart, settings: AnalysisSettings) -> tuple[str, str] | None:
        """Code and reason when the segment ends its analyser each time, with nothing beside it."""
        seconds = seconds_starting_in(part.start_ms, part.end_ms)
        for _ in range(_TRIES):
            try:
                await self.analyser([part], seconds.start, max(seconds.stop, seconds.start + 1), settings)
            except AnalyserOverLimit:
                return _TOO_HEAVY
            except (AnalyserCrashed, AnalyserTimedOut):
                continue
            except PartUnavailable:
                return None
            return None
        return _DECODE_FAILED


def _gaps(parts: Parts, indices: Sequence[int], code: str, reason: str) -> tuple[Gap, ...]:
    """The gaps that the segments leave, by what their manifests promise."""
    return tuple(
        Gap(modality, part.start_ms, part.end_ms, code, f"Segment {part.index} is left out. {reason}")
        for part in parts
        if part.index in indices
        for modality, promised in ((Modality.VIDEO, part.has_video), (Modality.AUDIO, part.has_audio))
        if promised
    )
