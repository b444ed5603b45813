"""Hear that jobs may run or were cancelled, on a connection of its own."""

import asyncio
import logging
from collections.abc import Callable

import asyncpg

from tldr_jobs.schema import CHANNEL

logger = logging.getLogger(__name__)

_FIRST_WAIT = 0.5
_LONGEST_WAIT = 10.0


class Listener:
    """Calls `heard` with each notification, and with nothing ("") after each connect: what was said before is unknown."""

    def __init__(self, address: str, heard: Callable[[str], None]) -> None:
        self._address = address
        self._heard = heard

    async def run(self) -> None:
        """Listen until cancelled; a lost connection is made anew after 0.5 to 10 s."""
        wait = _FIRST_WAIT
        while True:
            try:
                await self._listen()
                wait = _FIRST_WAIT
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                logger.warning("cannot listen for jobs, polling meanwhile: %s", error)
            await asyncio.sleep(wait)
            wait = min(wait * 2, _LONGEST_WAIT)

    async def _listen(self) -> None:
        connection = await asyncpg.connect(self._address, timeout=10, server_settings={"application_name": "tldr-jobs"})
        closed = asyncio.Event()
        connection.add_termination_listener(lambda _: closed.set())
        try:
            await connection.add_listener(CHANNEL, lambda *notification: self._heard(str(notification[-1])))
            self._heard("")
            await closed.wait()
        finally:
            connection.terminate()
