"""Cuts clips in processes of their own, so that neither the event loop nor the service's memory pays for it."""

from collections.abc import Sequence

from tldr_highlight_store.adapters.clips.cutter_worker import cut_in_worker, prepare
from tldr_highlight_store.domain.clips.cutting import Cut, CutterCrashed, CuttingTookTooLong, MediaTooHeavy, SegmentPart
from tldr_processes import WorkerCrashed, WorkerOutOfMemory, WorkerOutputTooLarge, WorkerProcesses, WorkerTimedOut


class ProcessPoolClipCutter:
    """A ClipCutter on at most `workers` processes; see `WorkerProcesses`."""

    def __init__(
        self, *, workers: int = 1, deadline_s: float = 120.0, idle_s: float = 60.0, memory_mb: int = 2048
    ) -> None:
        self._workers = WorkerProcesses(
            workers, prepare, deadline_s=deadline_s, idle_s=idle_s, memory_mb=memory_mb, output_mb=memory_mb
        )

    @property
    def processes(self) -> list[int]:
        """The processes there are."""
        return self._workers.pids

    async def cut(self, parts: Sequence[SegmentPart], start_ms: int, end_ms: int, peak_ms: int) -> Cut:
        try:
            return await self._workers.run(cut_in_worker, tuple(parts), start_ms, end_ms, peak_ms)
        except WorkerTimedOut as error:
            raise CuttingTookTooLong(f"The clip was not cut: {error}.") from error
        except (WorkerOutOfMemory, WorkerOutputTooLarge) as error:
            raise MediaTooHeavy("The clip takes more memory than one does; the moment stands.") from error
        except WorkerCrashed as error:
            raise CutterCrashed("The process that was cutting died.") from error

    async def close(self) -> None:
        """End the processes."""
        await self._workers.close()
