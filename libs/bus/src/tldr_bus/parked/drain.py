"""Looks for parked records that are due, and has the head of each queue tried until it is done or dead."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from tldr_bus.condition import Condition
from tldr_bus.parked.parking import Queue, urgent_heads
from tldr_bus.settings import BusSettings
from tldr_database import Database, driver

_log = logging.getLogger(__name__)
_AT_ONCE = 4
_IN_A_ROW = 20
"""Records of one queue before the others have their chance."""
_HEADS = 200
_SOONEST_S, _FIRST_REST_S, _LAST_REST_S = 0.02, 1.0, 30.0

Try = Callable[[Queue], Awaitable[bool]]


class Drain:
    """The queues of a service, side by side, each in order. Several replicas may drain: a subject's lock parts them.

    A queue that is long or in trouble holds up no other: it has a task of its own, a bounded number of records at a time,
    and rests after trouble.
    """

    def __init__(self, service: str, retries: Mapping[str, Try], database: Database, settings: BusSettings) -> None:
        self._retries = retries
        self._database = database
        self._poll = settings.drain_poll
        self._woken = asyncio.Event()
        self._tasks: dict[Queue, asyncio.Task[None]] = {}
        self._rests: dict[Queue, tuple[float, float]] = {}
        self.condition = Condition(f"parked records of {service}")

    def wake(self) -> None:
        """Something was parked here."""
        self._woken.set()

    async def run(self) -> None:
        """Drain until cancelled. Trouble, with the database or with one queue, is waited out."""
        try:
            while True:
                self._woken.clear()
                try:
                    wait = await self._round()
                    self.condition.fine()
                except Exception as error:
                    self.condition.trouble(error)
                    wait = _FIRST_REST_S
                try:
                    await asyncio.wait_for(self._woken.wait(), max(wait, _SOONEST_S))
                except TimeoutError:
                    continue
        finally:
            for task in self._tasks.values():
                task.cancel()
            await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _round(self) -> float:
        """Start what is due, as far as there is room; returns the seconds until something else is."""
        async with self._database.system() as transaction:
            heads = await urgent_heads(await driver(transaction), _HEADS)
        mine = {queue: wait for queue, wait in heads if queue.group in self._retries}
        now = time.monotonic()
        self._rests = {queue: rest for queue, rest in self._rests.items() if queue in mine}
        waits = {
            queue: max(wait, self._rests.get(queue, (0.0, 0.0))[0] - now)
            for queue, wait in mine.items()
            if queue not in self._tasks
        }
        for queue in [queue for queue, wait in waits.items() if wait <= 0][: _AT_ONCE - len(self._tasks)]:
            del waits[queue]
            self._tasks[queue] = task = asyncio.create_task(self._work(queue))
            task.add_done_callback(partial(self._ended, queue))
        if len(self._tasks) >= _AT_ONCE:
            return self._poll  # an end wakes
        return min(waits.values(), default=self._poll)

    def _ended(self, queue: Queue, _: asyncio.Task[None]) -> None:
        del self._tasks[queue]
        self._woken.set()

    async def _work(self, queue: Queue) -> None:
        try:
            for _ in range(_IN_A_ROW):
                if not await self._retries[queue.group](queue):
                    break
            self._rests.pop(queue, None)
        except Exception as error:
            _, last_s = self._rests.get(queue, (0.0, 0.0))
            rest_s = min(max(2 * last_s, _FIRST_REST_S), _LAST_REST_S)
            self._rests[queue] = (time.monotonic() + rest_s, rest_s)
            if not last_s:
                _log.warning("parked records of %s about %s wait: %r", queue.group, queue.subject, error)
