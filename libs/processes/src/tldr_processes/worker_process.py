"""One process that does one thing at a time: started when needed, given back when idle, replaced when it died."""

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from tldr_processes.in_worker import start, work_aloud
from tldr_processes.spawning import without_main
from tldr_processes.telling import heard

Result = TypeVar("Result")


class WorkerProcess:
    """A pool of a single process, so that ending it or its death harms no other call.

    `spawn`, because the service has native threads that a forked process would inherit in mid-flight.
    """

    def __init__(self, prepare: Callable[[], None], idle_s: float) -> None:
        self._prepare = prepare
        self._idle_s = idle_s
        self._executor: ProcessPoolExecutor | None = None
        self._said: Connection | None = None
        self._pid: int | None = None
        self._idle: asyncio.TimerHandle | None = None

    @property
    def pid(self) -> int | None:
        """The process, None while there is none."""
        return self._pid

    async def run(
        self, work: Callable[..., Result], *arguments: Any, hear: Callable[[Any], None] | None = None
    ) -> Result:
        """The result of `work`, or what it raised. Raises BrokenProcessPool when the process died.

        A cancelled call ends the process: what runs there cannot be interrupted otherwise.
        """
        if self._idle is not None:
            self._idle.cancel()
        try:
            executor, said = await self._started()
            if hear is None:
                return await asyncio.wrap_future(executor.submit(work, *arguments))
            with heard(said, hear):
                return await asyncio.wrap_future(executor.submit(work_aloud, work, *arguments))
        except (asyncio.CancelledError, BrokenProcessPool):
            self.kill()
            raise
        finally:
            self._idle = asyncio.get_running_loop().call_later(self._idle_s, self._give_back)

    async def _started(self) -> tuple[ProcessPoolExecutor, Connection]:
        if self._executor is None or self._said is None:
            context = multiprocessing.get_context("spawn")
            self._said, say = context.Pipe(duplex=False)
            try:
                with say:  # the child's own copy is the one that is left, so that its death ends the pipe
                    given = (self._prepare, say)
                    self._executor = ProcessPoolExecutor(1, mp_context=context, initializer=start, initargs=given)
                    with without_main():  # the first work of an executor starts its process
                        first = self._executor.submit(os.getpid)
                self._pid = await asyncio.wrap_future(first)
            except BaseException:  # also where there was no memory for a process or its threads
                self._give_back()
                raise
        return self._executor, self._said

    def kill(self) -> None:
        """End the process at once; the next call starts another."""
        if self._pid is not None:
            with suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)
        self._give_back()

    def _give_back(self) -> None:
        executor, said = self._executor, self._said
        self._executor = self._said = self._pid = None
        if said is not None:
            said.close()  # ends the process, also one that is only starting and has no known id
        if executor is not None:
            executor.shutdown(wait=False)

    async def close(self) -> None:
        """End the process at once."""
        if self._idle is not None:
            self._idle.cancel()
        executor = self._executor
        self.kill()
        if executor is not None:
            await asyncio.to_thread(executor.shutdown)
