"""Wait for something to become true, never for time to pass."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import TypeVar

T = TypeVar("T")


async def eventually(look: Callable[[], Awaitable[T | None]], *, limit_s: float = 20.0, every_s: float = 0.05) -> T:
    """The first answer that is neither None nor False; AssertionError with the last one after `limit_s`."""
    deadline = monotonic() + limit_s
    while True:
        found = await look()
        if found is not None and found is not False:
            return found
        if monotonic() > deadline:
            raise AssertionError(f"nothing after {limit_s} s; the last answer was {found!r}")
        await asyncio.sleep(every_s)
