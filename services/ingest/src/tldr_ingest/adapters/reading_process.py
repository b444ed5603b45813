"""One process that reads: it runs one generator at a time and hands over what that yields."""

import asyncio
import socket
import subprocess
import sys
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from tldr_ingest.adapters.reading_messages import Broken, Done, Header, Item, Refused, Task

_WORKER = "tldr_ingest.adapters.reading_worker"
# Large enough that the process is not woken for every few packets of a segment.
_BUFFER = 1 << 20

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

    A new interpreter, because the service has native threads that a forked one would inherit in mid-flight; not through
    `multiprocessing`, which would import the service's main module there: 2 s of processor time and 100 MB.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="reading")
        self._connection: Connection | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self.at_rest = True
        """Whether it waits for a task; a process that was left in the middle of one is of no more use."""

    @property
    def pid(self) -> int | None:
        """The process, None before it was started."""
        return self._process.pid if self._process else None

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.poll() is None

    async def start(self) -> None:
        """Start it; when this returns it is ready for a task. Raises ReadingCrashed."""
        self.at_rest = False
        try:
            await self._call(self._start)
        except (EOFError, OSError) as error:
            raise ReadingCrashed("The process that is to read does not start.") from error
        self.at_rest = True

    async def run(self, task: Task) -> AsyncGenerator[Item, None]:
        """Yields what the task yields; the next item is made while this one is worked on, and a few hundred kB ahead.

        Raises SourceRefused or ReadingCrashed.
        """
        self.at_rest = False
        try:
            await self._call(lambda: self._connected.send(task))
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
        if self._process is not None:
            self._process.kill()
        # In the thread, because it may be starting the process or reading from the connection.
        self._thread.submit(self._clear)
        self._thread.shutdown(wait=False)

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER)
            self._connection = Connection(ours.detach())
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-P", "-m", _WORKER, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        self._connection.recv()

    def _clear(self) -> None:
        if self._connection is not None:
            self._connection.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    @property
    def _connected(self) -> Connection:
        assert self._connection  # noqa: S101 - started before it is given a task
        return self._connection

    def _receive(self) -> tuple[Header | Done | Refused | Broken, bytes | None]:
        message: Any = self._connected.recv()
        wanted = isinstance(message, Header) and message.has_data
        return message, self._connected.recv_bytes() if wanted else None

    async def _call(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)
