"""A worker process as its parent holds it. Everything here but `kill` blocks."""

import os
import pickle
import select
import signal
import socket
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

from tldr_processes.endings import WorkerCrashed, WorkerOutOfMemory, WorkerOutputTooLarge
from tldr_processes.messages import OUT_OF_MEMORY, Call, Header, Item, Raised, Returned
from tldr_processes.template_process import TemplateProcess

# Large enough that the process is not woken for every few packets of a segment.
_BUFFER = 1 << 20


class Child:
    """Forked from the template, and ended through a descriptor of its own: its number may be another's by then."""

    def __init__(self, template: TemplateProcess, output_bytes: int | None) -> None:
        self._template = template
        self._output_bytes = output_bytes
        self._connection: Connection | None = None
        self._handle: int | None = None
        self._status: int | None = None
        self.pid: int | None = None
        """The process, None before it was started."""

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._handle is not None and not _ended(self._handle, wait=False)

    def start(self) -> None:
        """Start the process."""
        ours, theirs = socket.socketpair()
        with theirs:
            theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER)
            self._connection = Connection(ours.detach())
            self.pid = self._template.fork(theirs.fileno(), self)
            self._handle = os.pidfd_open(self.pid)

    def send(self, message: Call) -> None:
        """Ask for something; what cannot be pickled raises."""
        pickled = pickle.dumps(message)
        try:
            self._open.send_bytes(pickled)
        except OSError as error:
            raise self._death() from error

    def receive(self) -> Item | Returned | Raised:
        """The next thing it says; raises how the process ended."""
        message: Any = pickle.loads(self._bytes())  # noqa: S301 - from our own process
        if isinstance(message, Header):
            return Item(message.value, self._bytes() if message.has_data else None)
        assert isinstance(message, Returned | Raised)  # noqa: S101 - there is no other
        return message

    def kill(self) -> None:
        """End the process at once, also while it is being started."""
        self._template.abandon(self)
        if self._handle is not None:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)

    def clear(self) -> None:
        """End it and give back what it held."""
        self.kill()
        if self._connection is not None:
            self._connection.close()
        self._wait()

    def _bytes(self) -> bytes:
        try:
            return self._open.recv_bytes(self._output_bytes)
        except (EOFError, OSError) as error:
            # The connection has no class for a message that is too long; it is the one error without a number.
            if isinstance(error, OSError) and error.errno is None:
                raise WorkerOutputTooLarge(f"more than {self._output_bytes} bytes were given at once") from error
            raise self._death() from error

    def _death(self) -> WorkerCrashed | WorkerOutOfMemory:
        self.kill()  # one that has said farewell by its status keeps that
        if self._wait() == OUT_OF_MEMORY:
            return WorkerOutOfMemory("more memory was wanted than there may be")
        return WorkerCrashed("the process died")

    def _wait(self) -> int | None:
        """The exit status; it ends, and nothing of it is left."""
        if self._handle is not None and self.pid is not None:
            _ended(self._handle, wait=True)
            handle, self._handle = self._handle, None
            os.close(handle)
            self._status = self._template.reap(self.pid)
        return self._status

    @property
    def _open(self) -> Connection:
        assert self._connection  # noqa: S101 - started before it is asked anything
        return self._connection


def _ended(handle: int, *, wait: bool) -> bool:
    poll = select.poll()
    poll.register(handle, select.POLLIN)
    return bool(poll.poll(None if wait else 0))
