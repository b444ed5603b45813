"""A source must say something of itself within a time; after that it may be as slow as it is."""

import asyncio
from collections.abc import AsyncGenerator

from tldr_ingest.adapters.reading_messages import Item
from tldr_ingest.application.ports import ReadingFailed
from tldr_streams.values import Failure


async def first_in_time(items: AsyncGenerator[Item, None], limit_s: float) -> AsyncGenerator[Item, None]:
    """The same items. Raises ReadingFailed when the first has not come after `limit_s`: its reader has tried several times
    by then, so it is not tried again.
    """
    try:
        try:
            async with asyncio.timeout(limit_s):
                first = await anext(items, None)
        except TimeoutError:
            reason = f"The source did not answer within {limit_s:g} s. Check that it can be read and submit it again."
            raise ReadingFailed(Failure("deadline_exceeded", reason)) from None
        if first is not None:
            yield first
            async for item in items:
                yield item
    finally:
        await items.aclose()
