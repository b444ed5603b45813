"""Runs inside a worker process; imports nothing heavy until then, so that the parent stays small."""

from __future__ import annotations

import os
import threading
from multiprocessing import connection, parent_process
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tldr_video_analysis.domain.analysis_settings import AnalysisSettings
    from tldr_video_analysis.domain.figures import Figures
    from tldr_video_analysis.domain.segment_part import SegmentPart


def start_worker() -> None:
    """One thread for every library: the pool has a process per core, and more threads would fight."""
    for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[variable] = "1"  # read when numpy is imported, which is after this
    import av.logging
    import cv2

    cv2.setNumThreads(1)
    av.logging.set_level(av.logging.PANIC)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def analyse_in_worker(
    parts: Sequence[SegmentPart], first_second: int, end_second: int, settings: AnalysisSettings
) -> Figures:
    """See `SegmentAnalyser`."""
    from tldr_video_analysis.adapters.segment_analyser_pyav import analyse

    return analyse(parts, first_second, end_second, settings)


def _end_with_parent() -> None:
    """A killed parent closes nothing that the pool's workers wait for: without this they would wait for ever."""
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
