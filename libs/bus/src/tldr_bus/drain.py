"""Looks for parked records that are due, and has the head of each queue tried until it is done or dead."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from tldr_bus.condition import Condition
from tldr_bus.parking import Queue, urgent_heads
from tldr_bus.settings import BusSettings
from tldr_database import Database, driver

_AT_ONCE = 4
_HEADS = 50
_SOONEST_S, _TROUBLE_S = 0.02, 1.0

Try = Callable[[Queue], Awaitable[bool]]


class Drain:
    """The queues of a service, side by side, each in order. Several replicas may drain: a subject's lock parts them."""

    def __init__(self, service: str, retrials: Mapping[str, Try], database: Database, settings: BusSettings) -> None:
        self._retrials = retrials
        self._database = database
        self._poll = settings.drain_poll
        self._woken = asyncio.Event()
        self.condition = Condition(f"parked records of {service}")

    def wake(self) -> None:
        """Something was parked here."""
        self._woken.set()

    async def run(self) -> None:
        """Drain until cancelled. Trouble, with the database or with one queue, is waited out."""
        while True:
            self._woken.clear()
            try:
                wait = await self._round()
                self.condition.fine()
            except Exception as error:
                self.condition.trouble(error)
                wait = _TROUBLE_S
            try:
                await asyncio.wait_for(self._woken.wait(), max(wait, _SOONEST_S))
            except TimeoutError:
                continue

    async def _round(self) -> float:
        """Work what is due; returns the seconds until something else is."""
        async with self._database.system() as transaction:
            heads = await urgent_heads(await driver(transaction), _HEADS)
        mine = [(queue, wait) for queue, wait in heads if queue.group in self._retrials]
        due = [queue for queue, wait in mine if wait <= 0]
        for start in range(0, len(due), _AT_ONCE):
            ends = await asyncio.gather(
                *(self._work(queue) for queue in due[start : start + _AT_ONCE]), return_exceptions=True
            )
            for end in ends:
                if isinstance(end, BaseException):
                    raise end
        return 0.0 if due else min((wait for _, wait in mine), default=self._poll)

    async def _work(self, queue: Queue) -> None:
        while await self._retrials[queue.group](queue):
            pass
