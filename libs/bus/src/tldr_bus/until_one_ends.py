"""Several things at once, until one of them ends."""

import asyncio
from collections.abc import Awaitable
from typing import Any


async def until_one_ends(*things: Awaitable[Any]) -> None:
    """Await all of them; when one ends, or fails, cancel the others. Raises what the first one raised."""
    tasks = [asyncio.ensure_future(thing) for thing in things]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
