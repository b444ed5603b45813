"""What is on its way to the broker: a task for each partition, so that one in trouble keeps none of the others waiting."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

import asyncpg

from tldr_bus.condition import Condition
from tldr_bus.kafka.broker import BrokerUnavailable
from tldr_bus.sending.batches import Place, Sending, Sent

_FIRST_REST_S, _LAST_REST_S = 1.0, 30.0
_USUAL_S = 0.25
"""A batch is confirmed within milliseconds; whoever takes longer is not waited for."""


@dataclass(slots=True)
class _Trouble:
    """A partition that took nothing: it rests until a time of the monotonic clock, and has a sender of its own from then on,
    since a producer that gave a batch up may not be able to go on with that partition.
    """

    condition: Condition
    until: float = 0.0
    rest_s: float = _FIRST_REST_S
    sender: Sending | None = None


class Outgoing:
    """One batch outstanding for each partition. `connect` makes a sender for a partition in trouble; `woken` is set when a
    partition is free again.
    """

    def __init__(self, connect: Callable[[], Awaitable[Sending]], woken: asyncio.Event) -> None:
        self._connect = connect
        self._woken = woken
        self._tasks: dict[Place, asyncio.Task[Sent]] = {}
        self._started: list[asyncio.Task[Sent]] = []
        self._troubles: dict[Place, _Trouble] = {}
        self._stale: list[Sending] = []

    def unavailable(self) -> list[Place]:
        """Partitions to which nothing is to be sent now."""
        now = time.monotonic()
        resting = (place for place, trouble in self._troubles.items() if trouble.until > now)
        return [*self._tasks, *(place for place in resting if place not in self._tasks)]

    def rest_ends_in(self) -> float:
        """Seconds until the next partition in trouble may be tried; infinite when none rests."""
        now = time.monotonic()
        waits = [trouble.until - now for trouble in self._troubles.values() if trouble.until > now]
        return min(waits, default=float("inf"))

    def start(self, sender: Sending, rows: Iterable[asyncpg.Record]) -> None:
        """Send rows of available partitions."""
        by_place: dict[Place, list[asyncpg.Record]] = defaultdict(list)
        for row in rows:
            by_place[row["topic"], row["partition"]].append(row)
        for place, part in by_place.items():
            task = asyncio.create_task(self._send(sender, place, part))
            task.add_done_callback(lambda _: self._woken.set())
            self._tasks[place] = task
            self._started.append(task)

    async def finished(self) -> list[Sent]:
        """What came of the partitions that ended: those just started within the usual time, others before."""
        started, self._started = self._started, []
        if started:
            await asyncio.wait(started, timeout=_USUAL_S)
        done = {place: task for place, task in self._tasks.items() if task.done()}
        for place, task in done.items():
            del self._tasks[place]
            self._note(place, task.result())
        await self._close_stale()
        return [task.result() for task in done.values()]

    async def close(self) -> None:
        """Give up what is on its way; it is sent again by whoever goes on."""
        tasks, self._tasks, self._started = list(self._tasks.values()), {}, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._stale += [trouble.sender for trouble in self._troubles.values() if trouble.sender is not None]
        self._troubles = {}
        await self._close_stale()

    async def _close_stale(self) -> None:
        while self._stale:
            await self._stale.pop().close()

    async def _send(self, sender: Sending, place: Place, rows: list[asyncpg.Record]) -> Sent:
        trouble = self._troubles.get(place)
        try:
            if trouble is not None:
                trouble.sender = sender = trouble.sender or await self._connect()
            return await sender.send(place, rows)
        except BrokerUnavailable as error:
            return Sent(error=error)

    def _note(self, place: Place, sent: Sent) -> None:
        trouble = self._troubles.get(place)
        if sent.error is None:
            if trouble is not None:
                trouble.rest_s = _FIRST_REST_S
                trouble.condition.fine()
            return
        if trouble is None:
            trouble = self._troubles[place] = _Trouble(Condition(f"partition {place[1]} of {place[0]}"))
        trouble.condition.trouble(sent.error)
        trouble.until = time.monotonic() + trouble.rest_s
        trouble.rest_s = min(2 * trouble.rest_s, _LAST_REST_S)
        if trouble.sender is not None:
            self._stale.append(trouble.sender)
            trouble.sender = None
