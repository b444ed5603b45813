"""What every worker process does before its first work, and how its work says how far it is."""

import os
import threading
from collections.abc import Callable
from multiprocessing import connection, parent_process
from typing import Any, TypeVar

Result = TypeVar("Result")

_saying: list[connection.Connection] = []


def start(prepare: Callable[[], None], say: connection.Connection) -> None:
    """One thread for every numeric library (there is a process for each core), and an end when the parent hears no more."""
    _saying.append(say)
    for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[variable] = "1"  # read when numpy is imported, which is after this
    threading.Thread(target=_end_with_the_parent, args=[say], name="end-with-the-parent", daemon=True).start()
    prepare()


def work_aloud(work: Callable[..., Result], *arguments: Any) -> Result:
    """`work` with one more argument, by which it tells the parent something."""
    return work(*arguments, _saying[0].send)


def _end_with_the_parent(say: connection.Connection) -> None:
    # A pool's worker holds both ends of its own queue, so it never sees that a killed parent is gone.
    # The end to write to is ready to read when the other one is closed, and never before.
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel, say])
        os._exit(1)
