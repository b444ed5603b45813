"""The processes that read: as many as there are readings at a time, each within its limits."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from tldr_ingest.adapters.reading.messages import Item, Task, read_in_worker
from tldr_ingest.application.ports import ReadingFailed
from tldr_processes import WorkerProcesses, WorkerTimedOut
from tldr_streams.values import Failure

_ITEM_MB = 2048
"""A segment is some ten seconds; what weighs more is no segment."""


class ReadingProcesses:
    """`workers` readings at a time, in processes that come from one that has prepared. One that gives nothing for
    `silence_s` is ended.
    """

    def __init__(
        self,
        prepare: Callable[[], None],
        workers: int = 4,
        *,
        idle_s: float = 30.0,
        silence_s: float = 1800.0,
        memory_mb: int = 1024,
    ) -> None:
        self._workers = WorkerProcesses(
            workers, prepare, deadline_s=silence_s, idle_s=idle_s, memory_mb=memory_mb, output_mb=_ITEM_MB
        )

    @property
    def pids(self) -> list[int]:
        """The processes there are."""
        return self._workers.pids

    async def run(self, task: Task, *, first_within_s: float) -> AsyncGenerator[Item, None]:
        """What the task yields. Raises SourceRefused, ReadingCrashed and WorkerEnded; close it to end the task.

        A source must say something of itself in time, and may be slow after that; else ReadingFailed. Its reader has tried
        several times by then, so it is not tried again.
        """
        answered = False
        stream = self._workers.stream(read_in_worker, task, first_within_s=first_within_s)
        async with aclosing(stream) as items:
            try:
                async for item in items:
                    answered = True
                    yield item
            except WorkerTimedOut:
                if answered:
                    raise
                reason = f"The source did not answer within {first_within_s:g} s. Check that it can be read and submit it again."
                raise ReadingFailed(Failure("deadline_exceeded", reason)) from None

    async def close(self) -> None:
        """End all of them."""
        await self._workers.close()
