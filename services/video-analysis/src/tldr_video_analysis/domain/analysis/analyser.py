"""The port of the analysis: segments in, figures out."""

from collections.abc import Sequence
from typing import Protocol

from tldr_video_analysis.domain.analysis.settings import AnalysisSettings
from tldr_video_analysis.domain.figures.figures import Figures
from tldr_video_analysis.domain.segments.part import SegmentPart


class PartUnavailable(Exception):
    """A part's file could not be fetched; another attempt may succeed."""

    def __init__(self, index: int, reason: str) -> None:
        super().__init__(index, reason)
        self.index = index
        self.reason = reason

    def __str__(self) -> str:
        return f"segment {self.index} could not be fetched: {self.reason}"


class AnalyserCrashed(Exception):
    """The process that analysed the parts died; another attempt gets a new one."""


class AnalyserOverLimit(Exception):
    """The parts wanted more memory than an analysis may have; another attempt would want it again."""


class AnalyserTimedOut(Exception):
    """The analysis took longer than its deadline and was stopped."""


class SegmentAnalyser(Protocol):
    async def __call__(
        self, parts: Sequence[SegmentPart], first_second: int, end_second: int, settings: AnalysisSettings
    ) -> Figures:
        """Figures of the seconds [first_second, end_second).

        `parts` are in order of index. They hold the segments in which those seconds start, and may begin earlier and end
        later: the segment before and after for the edges (a cut needs the picture before it, a loudness window 300 ms
        of the next second), and all from `decode_from` on where a segment has no keyframe.

        What cannot be decoded becomes gaps and NaN, never an error. Raises `PartUnavailable`, `AnalyserCrashed` or
        `AnalyserTimedOut`, each worth a retry, and `AnalyserOverLimit`. The same parts give the same
        figures; nothing is kept between calls.
        """
        ...
