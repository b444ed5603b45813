"""What a worker process says of its work while it works."""

import asyncio
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

logger = logging.getLogger(__name__)


@contextmanager
def heard(said: Connection, hear: Callable[[Any], None]) -> Iterator[None]:
    """While open, `hear` is told on the event loop what comes; when it closes without an error, all that was said.

    What was said before is dropped: it is of work that failed. What `hear` raises is logged, and changes nothing.
    """
    loop = asyncio.get_running_loop()
    # An end of its own: the process may be given back while the loop watches this one.
    with Connection(os.dup(said.fileno()), writable=False) as end:

        def take(hear: Callable[[Any], None]) -> None:
            try:
                while end.poll():
                    _tell(hear, end.recv())
            except (EOFError, OSError):  # the process is gone
                loop.remove_reader(end)

        take(_drop)
        loop.add_reader(end, take, hear)
        try:
            yield
            take(hear)
        finally:
            loop.remove_reader(end)


def _tell(hear: Callable[[Any], None], told: Any) -> None:
    try:
        hear(told)
    except Exception:
        logger.warning("what work told could not be heard", exc_info=True)


def _drop(told: Any) -> None:
    return
