"""The process that workers are forked from, as the service holds it. Everything here but `abandon` and `kill` blocks."""

import logging
import os
import pickle
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from multiprocessing.reduction import send_handle
from typing import IO, Any

from tldr_processes.endings import WorkerCrashed
from tldr_processes.messages import Fork, Raised, Reap, Setup

logger = logging.getLogger(__name__)

_LONGEST_LINE = 4096
# There is a process for each core; read when numpy is imported.
_ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def _log(words: IO[bytes]) -> None:
    """Log what the processes write until the last of them has ended: libraries complain there, and quote what they read."""
    with words:
        while line := words.readline(_LONGEST_LINE):
            logger.info("a worker process wrote: %s", line.decode(errors="replace").rstrip())


class TemplateProcess:
    """Prepared once, so that a worker is there in milliseconds and shares the libraries' memory with the others.

    A new interpreter, because the service has native threads that a forked one would inherit in mid-flight; not through
    `multiprocessing`, whose fork server imports the service's main module in each process: 2 s of processor time and
    100 MB. One at a time talks to it; it is started with the first worker, and again when it died.
    """

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None
        self._starter: object = None

    def fork(self, theirs: int, starter: object) -> int:
        """The process id of a new worker that serves the descriptor. Raises what the preparation raises, and WorkerCrashed.

        `starter` may `abandon` the start of this process while that goes on for it.
        """
        with self._lock, self._died():
            if self._process is None or self._process.poll() is not None:
                self._start(starter)
            assert self._process  # noqa: S101 - started
            assert self._connection  # noqa: S101 - with it
            self._connection.send(Fork())
            send_handle(self._connection, theirs, self._process.pid)
            return int(self._answer())

    def reap(self, pid: int) -> int | None:
        """The exit status of a worker that has ended; None when it cannot be known any more."""
        with self._lock:
            try:
                assert self._connection  # noqa: S101 - it forked the worker
                self._connection.send(Reap(pid))
                return int(self._answer())
            except (EOFError, OSError):
                return None

    def abandon(self, starter: object) -> None:
        """End the process if it is only being started, and for this one."""
        if self._starter is starter:
            self.kill()

    def kill(self) -> None:
        """End it at once. Workers go on."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.kill()

    def close(self) -> None:
        """End it, and wait for that."""
        self.kill()
        with self._lock:
            self._clear()

    def _start(self, starter: object) -> None:
        self._clear()
        self._starter = starter
        try:
            self._open()
            assert self._connection  # noqa: S101 - just opened
            self._connection.send(sys.path)
            self._connection.send_bytes(pickle.dumps(self._setup))
            self._answer()
        except BaseException:
            self.kill()
            self._clear()
            raise
        finally:
            self._starter = None

    def _open(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._connection = Connection(ours.detach())
            # It is given none of the service's settings: secrets are among them.
            inherited = {name: value for name, value in os.environ.items() if not name.startswith("TLDR_")}
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-P", "-m", "tldr_processes.template", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                pass_fds=[theirs.fileno()],
                env={**inherited, **_ONE_THREAD},
            )
        threading.Thread(target=_log, args=(self._process.stderr,), daemon=True).start()

    def _answer(self) -> Any:
        assert self._connection  # noqa: S101 - asked before it answers
        answer = self._connection.recv()
        if isinstance(answer, Raised):
            raise answer.error
        return answer.value

    def _clear(self) -> None:
        if self._connection is not None:
            self._connection.close()
        if self._process is not None:
            self._process.wait()
        self._connection = self._process = None

    @contextmanager
    def _died(self) -> Iterator[None]:
        try:
            yield
        except (EOFError, BrokenPipeError, ConnectionResetError) as error:
            self.kill()
            raise WorkerCrashed("the process that workers are made from died") from error
