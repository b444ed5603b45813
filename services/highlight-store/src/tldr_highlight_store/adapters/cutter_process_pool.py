"""Cuts clips in processes of their own, so that neither the event loop nor the service's memory pays for it."""

import asyncio
from collections.abc import Sequence
from concurrent.futures.process import BrokenProcessPool

from tldr_highlight_store.adapters.cutter_worker import cut_in_worker, prepare
from tldr_highlight_store.adapters.worker_process import WorkerProcess
from tldr_highlight_store.domain.clips import Cut, CutterCrashed, CuttingTookTooLong, SegmentPart


class ProcessPoolClipCutter:
    """A ClipCutter on at most `workers` processes.

    A process starts with the first call that finds none free, and is given back after `idle_s` seconds without work.
    The deadline counts from when a process is free, its start included.
    """

    def __init__(self, *, workers: int = 1, deadline_s: float = 120.0, idle_s: float = 60.0) -> None:
        self._deadline_s = deadline_s
        # The one used last is used first, so that the others become idle.
        self._free = [WorkerProcess(prepare, idle_s) for _ in range(workers)]
        self._all = tuple(self._free)
        self._turn = asyncio.Semaphore(workers)

    @property
    def processes(self) -> list[int]:
        """The processes there are."""
        return [worker.pid for worker in self._all if worker.pid is not None]

    async def cut(self, parts: Sequence[SegmentPart], start_ms: int, end_ms: int, peak_ms: int) -> Cut:
        async with self._turn:
            worker = self._free.pop()
            try:
                async with asyncio.timeout(self._deadline_s):
                    return await worker.run(cut_in_worker, tuple(parts), start_ms, end_ms, peak_ms)
            except TimeoutError as error:
                raise CuttingTookTooLong(f"Cutting took more than {self._deadline_s:.0f} s.") from error
            except BrokenProcessPool as error:
                raise CutterCrashed("The process that was cutting died.") from error
            finally:
                self._free.append(worker)

    async def close(self) -> None:
        """End the processes when what they do is done."""
        await asyncio.gather(*(worker.close() for worker in self._all))
