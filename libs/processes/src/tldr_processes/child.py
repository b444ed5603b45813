"""A worker process as its parent holds it. Everything here but `kill` blocks."""

import os
import pickle
import socket
import subprocess
import sys
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

from tldr_processes.endings import WorkerCrashed, WorkerOutOfMemory, WorkerOutputTooLarge
from tldr_processes.messages import OUT_OF_MEMORY, Call, Header, Item, Raised, Returned, Setup

# Large enough that the process is not woken for every few packets of a segment.
_BUFFER = 1 << 20
# There is a process for each core; read when numpy is imported.
_ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class Child:
    """A new interpreter, because the service has native threads that a forked one would inherit in mid-flight; not
    through `multiprocessing`, which would import the service's main module there: 2 s of processor time and 100 MB.
    """

    def __init__(self, output_bytes: int | None) -> None:
        self._output_bytes = output_bytes
        self._connection: Connection | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The process, None before it was started."""
        return self._process.pid if self._process else None

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start the process; it is not ready yet. It is given none of the service's settings: secrets are among them."""
        ours, theirs = socket.socketpair()
        with theirs:
            theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER)
            self._connection = Connection(ours.detach())
            inherited = {name: value for name, value in os.environ.items() if not name.startswith("TLDR_")}
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-P", "-m", "tldr_processes.worker", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                env={**inherited, **_ONE_THREAD},
            )
        self._connection.send(sys.path)

    def send(self, message: Setup | Call) -> None:
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
        """End the process at once."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.kill()

    def clear(self) -> None:
        """End it and give back what it held."""
        self.kill()
        if self._connection is not None:
            self._connection.close()
        if self._process is not None:
            self._process.wait()

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
        if self._process is not None and self._process.wait() == OUT_OF_MEMORY:
            return WorkerOutOfMemory("more memory was wanted than there may be")
        return WorkerCrashed("the process died")

    @property
    def _open(self) -> Connection:
        assert self._connection  # noqa: S101 - started before it is asked anything
        return self._connection
