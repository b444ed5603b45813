"""Runs inside a worker process; imports nothing heavy until then, so that the parent stays small."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tldr_video_analysis.domain.analysis.settings import AnalysisSettings
    from tldr_video_analysis.domain.figures.figures import Figures
    from tldr_video_analysis.domain.segments.part import SegmentPart


def prepare() -> None:
    """Load all that analysing uses; one thread for each library, since there is a process for each core."""
    import av.logging
    import cv2

    import tldr_video_analysis.adapters.analysis.analyser_process_pool  # what a call is made of
    import tldr_video_analysis.adapters.analysis.segment_analyser_pyav  # noqa: F401

    cv2.setNumThreads(1)
    av.logging.set_level(av.logging.PANIC)


def analyse_in_worker(
    parts: Sequence[SegmentPart], first_second: int, end_second: int, settings: AnalysisSettings
) -> Figures:
    """See `SegmentAnalyser`."""
    from tldr_video_analysis.adapters.analysis.segment_analyser_pyav import analyse

    return analyse(parts, first_second, end_second, settings)
