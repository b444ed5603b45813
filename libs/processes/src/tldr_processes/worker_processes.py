"""A bounded number of worker processes, handed out one call at a time."""

import asyncio
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

from tldr_processes.worker_process import WorkerProcess

Result = TypeVar("Result")


class WorkerCrashed(Exception):
    """The process that worked died; the next call gets a new one."""


class WorkerTimedOut(Exception):
    """The deadline passed; the process that worked was ended, the next call gets a new one."""


class WorkerProcesses:
    """At most `workers` processes.

    A process starts with the first call that finds none free (`prepare` loads what is heavy there), and is given back
    after `idle_s` seconds without work. Calls beyond the number wait for their turn; the deadline counts from when a
    process is free, its start included. The death or the deadline of one call harms no other. Processes end when
    their parent does, also when that is killed.
    """

    def __init__(
        self, workers: int, prepare: Callable[[], None], *, deadline_s: float = 120.0, idle_s: float = 60.0
    ) -> None:
        self._deadline_s = deadline_s
        # The one used last is used first, so that the others become idle.
        self._free = [WorkerProcess(prepare, idle_s) for _ in range(workers)]
        self._all = tuple(self._free)
        self._turn = asyncio.Semaphore(workers)

    @property
    def pids(self) -> list[int]:
        """The processes there are."""
        return [worker.pid for worker in self._all if worker.pid is not None]

    async def run(
        self, work: Callable[..., Result], *arguments: Any, hear: Callable[[Any], None] | None = None
    ) -> Result:
        """The result of `work` (a module's function), or what it raised. Raises WorkerCrashed and WorkerTimedOut.

        With `hear`, `work` is given one more argument: a function that has `hear` told what it is told, in order and before
        the result. That is pickled, and takes 4 kB at the most: a pipe takes so much whole or not at all.
        """
        async with self._turn:
            worker = self._free.pop()
            try:
                async with asyncio.timeout(self._deadline_s):
                    return await worker.run(work, *arguments, hear=hear)
            except TimeoutError as error:
                raise WorkerTimedOut(f"not done within {self._deadline_s:g} s") from error
            except BrokenProcessPool as error:
                raise WorkerCrashed("the process died") from error
            finally:
                self._free.append(worker)

    async def close(self) -> None:
        """End the processes; work in hand raises WorkerCrashed."""
        await asyncio.gather(*(worker.close() for worker in self._all))
