"""A bounded number of worker processes, handed out one call at a time."""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from tldr_processes.endings import WorkerTimedOut
from tldr_processes.messages import Call, Item, Setup
from tldr_processes.template_process import TemplateProcess
from tldr_processes.worker_process import WorkerProcess

logger = logging.getLogger(__name__)

Result = TypeVar("Result")


class WorkerProcesses:
    """At most `workers` processes, each within limits.

    A process starts with the first call that finds none free, and is given back after `idle_s` seconds without work. It is
    forked from one that has prepared and stays (`prepare` loads what is heavy, and leaves no thread behind). Calls beyond
    the number wait for their turn, first come, first served: whoever wants fairness asks for no more at a time than there
    are. Processes end when their parent does, also when that is killed.

    `deadline_s`: the longest a call may take from when a process is free, its start included; of a stream, the longest to
    its next item. `memory_mb`: what it may write to (libraries' files do not count, threads' stacks do: some 100 MB with
    numpy and PyAV). `output_mb`: what a result or an item may weigh, so that this process is not filled either. Whoever
    passes a limit, dies or is killed fails its call with a `WorkerEnded`, and harms no other.
    """

    def __init__(
        self,
        workers: int,
        prepare: Callable[[], None],
        *,
        deadline_s: float = 120.0,
        idle_s: float = 60.0,
        memory_mb: int | None = None,
        output_mb: int | None = None,
    ) -> None:
        self._deadline_s = deadline_s
        self._template = TemplateProcess(Setup(prepare, None if memory_mb is None else memory_mb << 20))
        output_bytes = None if output_mb is None else output_mb << 20
        # The one used last is used first, so that the others become idle.
        self._free = [WorkerProcess(self._template, output_bytes, idle_s) for _ in range(workers)]
        self._all = tuple(self._free)
        self._turn = asyncio.Semaphore(workers)

    @property
    def pids(self) -> list[int]:
        """The processes there are."""
        return [worker.pid for worker in self._all if worker.pid is not None]

    async def run(
        self, work: Callable[..., Result], *arguments: Any, progress: Callable[[Any], None] | None = None
    ) -> Result:
        """The result of `work` (a module's function), or what it raised. Raises WorkerEnded.

        With `progress`, `work` is given one more argument: a function to report with. `progress` is called with each report,
        in order and before the result; what it raises is logged, and changes nothing.
        """
        async with self._lent() as worker:
            return await self._within(
                self._deadline_s, _result(worker, Call(work, arguments, reports=progress is not None), progress)
            )

    async def stream(
        self, work: Callable[..., Iterator[Item]], *arguments: Any, first_within_s: float | None = None
    ) -> AsyncGenerator[Item, None]:
        """What the generator `work` (a module's function) yields, as soon as it does. Raises what it raises, and WorkerEnded.

        The next item is made while this one is worked on. The first may have another deadline, from when the process runs.
        Close it to end the work.
        """
        async with self._lent() as worker:
            await self._within(self._deadline_s, worker.begin(Call(work, arguments, streams=True)))
            answer = await self._within(first_within_s or self._deadline_s, worker.next())
            while isinstance(answer, Item):
                yield answer
                answer = await self._within(self._deadline_s, worker.next())

    async def close(self) -> None:
        """End the processes; work in hand raises WorkerCrashed."""
        await asyncio.gather(*(worker.close() for worker in self._all))
        await asyncio.to_thread(self._template.close)

    @asynccontextmanager
    async def _lent(self) -> AsyncIterator[WorkerProcess]:
        async with self._turn:
            worker = self._free.pop()
            try:
                yield worker
            finally:
                worker.end()
                self._free.append(worker)

    @staticmethod
    async def _within(deadline_s: float, work: Awaitable[Result]) -> Result:
        try:
            async with asyncio.timeout(deadline_s) as deadline:
                return await work
        except TimeoutError as error:
            if not deadline.expired():
                raise
            raise WorkerTimedOut(f"not done within {deadline_s:g} s") from error


async def _result(worker: WorkerProcess, call: Call, progress: Callable[[Any], None] | None) -> Any:
    await worker.begin(call)
    while isinstance(answer := await worker.next(), Item):
        if progress is not None:
            _report(progress, answer.value)
    return answer.value


def _report(progress: Callable[[Any], None], report: Any) -> None:
    try:
        progress(report)
    except Exception:
        logger.warning("a report of progress was not taken", exc_info=True)
