"""One process that reads: it runs one generator at a time and hands over what that yields."""

import asyncio
import multiprocessing
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from tldr_ingest.adapters.reading_messages import Broken, Done, Header, Item, Refused, Task
from tldr_ingest.adapters.reading_worker import serve

T = TypeVar("T")


class ReadingCrashed(Exception):
    """The process died, or its generator raised what nobody expected."""


class SourceRefused(Exception):
    """The generator said that its source cannot be read."""

    def __init__(self, refusal: Refused) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


class ReadingProcess:
    """Blocking calls run in a thread of its own, so that a source that hangs takes no thread from anybody else.

    `spawn`, because the service has native threads that a forked process would inherit in mid-flight.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="reading")
        context = multiprocessing.get_context("spawn")
        self._connection, self._theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(self._theirs,), name="ingest reading", daemon=True)
        self.at_rest = True
        """Whether it waits for a task; a process that was left in the middle of one is of no more use."""

    @property
    def pid(self) -> int | None:
        """The process, None before it was started."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it can be given a task."""
        return self._process.is_alive()

    async def start(self) -> None:
        """Start it; heavy libraries are loaded by its first task."""
        await self._call(self._start)

    async def run(self, task: Task) -> AsyncGenerator[Item, None]:
        """Yields what the task yields; the next item is made while this one is worked on, and a few hundred kB ahead.

        Raises SourceRefused or ReadingCrashed.
        """
        self.at_rest = False
        try:
            await self._call(lambda: self._connection.send(task))
            while True:
                message, data = await self._call(self._receive)
                if isinstance(message, Header):
                    yield Item(message.value, data)
                    continue
                self.at_rest = True
                if isinstance(message, Done):
                    return
                if isinstance(message, Refused):
                    raise SourceRefused(message)
                raise ReadingCrashed(message.trace)
        except (EOFError, OSError) as error:
            raise ReadingCrashed("The process that was reading died.") from error

    def kill(self) -> None:
        """End it at once."""
        self.at_rest = False
        if self._process.pid is not None:
            self._process.kill()
            # In the thread, because it may still be reading from the connection.
            self._thread.submit(self._process.join)
        self._thread.submit(self._connection.close)
        self._thread.shutdown(wait=False)

    def _start(self) -> None:
        self._process.start()
        self._theirs.close()

    def _receive(self) -> tuple[Header | Done | Refused | Broken, bytes | None]:
        message: Any = self._connection.recv()
        wanted = isinstance(message, Header) and message.has_data
        return message, self._connection.recv_bytes() if wanted else None

    async def _call(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)
