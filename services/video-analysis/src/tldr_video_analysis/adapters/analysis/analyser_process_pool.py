"""Analyses segments in processes of their own, off the event loop."""

from collections.abc import Sequence

from tldr_processes import WorkerCrashed, WorkerOutOfMemory, WorkerOutputTooLarge, WorkerProcesses, WorkerTimedOut
from tldr_video_analysis.adapters.analysis.analyser_worker import analyse_in_worker, prepare
from tldr_video_analysis.domain.analysis.analyser import AnalyserCrashed, AnalyserOverLimit, AnalyserTimedOut
from tldr_video_analysis.domain.analysis.settings import AnalysisSettings
from tldr_video_analysis.domain.figures.figures import Figures
from tldr_video_analysis.domain.segments.part import SegmentPart

_FIGURES_MB = 64
"""A window's figures are some kilobytes a second."""


class ProcessPoolAnalyser:
    """A `SegmentAnalyser` on at most `processes` processes; see `WorkerProcesses`."""

    def __init__(self, processes: int, deadline_s: float = 120.0, idle_s: float = 60.0, memory_mb: int = 2048) -> None:
        self._workers = WorkerProcesses(
            processes, prepare, deadline_s=deadline_s, idle_s=idle_s, memory_mb=memory_mb, output_mb=_FIGURES_MB
        )

    @property
    def pids(self) -> list[int]:
        """The processes there are."""
        return self._workers.pids

    async def __call__(
        self, parts: Sequence[SegmentPart], first_second: int, end_second: int, settings: AnalysisSettings
    ) -> Figures:
        try:
            return await self._workers.run(analyse_in_worker, tuple(parts), first_second, end_second, settings)
        except WorkerTimedOut as error:
            raise AnalyserTimedOut(f"The segments were not analysed: {error}.") from error
        except (WorkerOutOfMemory, WorkerOutputTooLarge) as error:
            raise AnalyserOverLimit(f"The segments were not analysed: {error}.") from error
        except WorkerCrashed as error:
            raise AnalyserCrashed("The process that analysed the segments died.") from error

    async def close(self) -> None:
        """End the processes; work in hand raises `AnalyserCrashed`."""
        await self._workers.close()
