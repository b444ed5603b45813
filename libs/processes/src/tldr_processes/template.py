"""What runs in the process that workers are forked from: it prepares once, and does no work itself."""

import gc
import os
import pickle
import signal
import sys
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle

from tldr_processes import worker
from tldr_processes.messages import Fork, Reap, Returned, Setup

# Work takes what it is left; the service that waits for it, and the servers beside it, come first.
_NICENESS = 10


def serve(parent: Connection) -> None:
    """Prepare, then fork a worker whenever the parent asks for one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal interrupts the whole group; this one ends with its parent
    os.nice(_NICENESS)
    sys.path[:] = parent.recv()  # before anything is unpickled that may be found there only
    try:
        setup: Setup = pickle.loads(parent.recv_bytes())  # noqa: S301 - the parent's
        setup.prepare()
        _check_threads()
    except Exception as error:
        parent.send_bytes(worker.raised(error))
        return
    gc.freeze()  # else the first collection in each worker would copy what all of them share
    parent.send(Returned(None))
    while True:
        _answer(parent, parent.recv(), setup)


def _answer(parent: Connection, asked: Fork | Reap, setup: Setup) -> None:
    if isinstance(asked, Reap):
        parent.send(Returned(os.waitstatus_to_exitcode(os.waitpid(asked.pid, 0)[1])))
        return
    theirs = recv_handle(parent)
    try:
        pid = os.fork()
    except OSError as error:
        parent.send_bytes(worker.raised(error))
    else:
        if not pid:
            _work(parent, theirs, setup)
        parent.send(Returned(pid))
    finally:
        os.close(theirs)


def _work(parent: Connection, theirs: int, setup: Setup) -> None:
    try:
        parent.close()
        worker.serve(Connection(theirs), setup.memory_bytes)
    finally:
        os._exit(1)  # never back into the loop above


def _check_threads() -> None:
    # A thread is not forked, and neither are the locks it holds ever released.
    if (threads := len(os.listdir("/proc/self/task"))) > 1:
        raise RuntimeError(f"the preparation left {threads - 1} threads running; a process with threads is not forked")


if __name__ == "__main__":
    try:
        serve(Connection(int(sys.argv[1])))
    except (EOFError, OSError):
        os._exit(0)  # the parent has closed its end, or is gone
