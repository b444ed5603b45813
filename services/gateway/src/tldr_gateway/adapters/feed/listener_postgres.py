"""Hears which streams have news, on one connection for the whole process."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import asyncpg

from tldr_gateway.adapters.feed.feed_postgres import CHANNEL

_SESSION = {"application_name": "tldr-feeds"}


@dataclass(frozen=True, slots=True)
class FeedListener:
    """`heard` is called with a stream, and with nothing ("") after each connect: what was said before is unknown."""

    address: str
    heard: Callable[[str], None]

    async def run(self) -> None:
        """Listen until the connection is lost; raises what lost it. The caller comes again."""
        connection = await asyncpg.connect(self.address, timeout=10, server_settings=_SESSION)
        closed = asyncio.Event()
        connection.add_termination_listener(lambda _: closed.set())
        try:
            await connection.add_listener(CHANNEL, lambda *notification: self.heard(str(notification[-1])))
            self.heard("")
            await closed.wait()
        finally:
            connection.terminate()
