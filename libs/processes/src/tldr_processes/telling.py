"""What a worker process says of its work while it works."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any


@contextmanager
def heard(said: Connection, hear: Callable[[Any], None]) -> Iterator[None]:
    """While open, `hear` is told on the event loop what comes; when it closes without an error, all that was said."""
    loop = asyncio.get_running_loop()

    def take() -> None:
        try:
            while said.poll():
                hear(said.recv())
        except (EOFError, OSError):  # the process died
            loop.remove_reader(said)

    loop.add_reader(said, take)
    try:
        yield
        take()
    finally:
        loop.remove_reader(said)
