"""Works the lanes of one reader side by side, the records of each lane in order."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Sequence

from tldr_bus.events.record import Record

Deliver = Callable[[Sequence[Record], asyncio.Event], Awaitable[None]]
"""Decides records of one lane, in order: when it returns, all their effects are committed. It gives up, raising
`Halted`, when the event is set while it waits.
"""


class Halted(Exception):
    """The records are left as they are, because the reader stops or gives its partitions up."""


class Lanes:
    """A slow lane holds up its own records and no others. `slots` bounds the lanes worked at once, over all readers."""

    def __init__(
        self, deliver: Deliver, done: Callable[[Sequence[Record]], None], slots: asyncio.Semaphore, batch: int
    ) -> None:
        self._deliver = deliver
        self._done = done
        self._slots = slots
        self._batch = batch
        self._halt = asyncio.Event()
        self._waiting: dict[Hashable, deque[Record]] = {}
        self._tasks: dict[Hashable, asyncio.Task[None]] = {}
        self._holding: set[Hashable] = set()
        self.failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def put(self, lane: Hashable, record: Record) -> None:
        """Queue a record behind those of its lane."""
        self._waiting.setdefault(lane, deque()).append(record)
        if lane not in self._tasks:
            self._tasks[lane] = asyncio.create_task(self._work(lane))

    async def halt(self, seconds: float) -> None:
        """Start nothing more, wait for the work in hand, forget the rest; what takes longer is rolled back."""
        self._halt.set()
        self._waiting.clear()
        for lane, task in self._tasks.items():
            if lane not in self._holding:
                task.cancel()
        tasks = set(self._tasks.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        self._tasks.clear()
        self._waiting.clear()
        self._halt.clear()

    async def _work(self, lane: Hashable) -> None:
        try:
            while self._waiting.get(lane):
                async with self._slots:
                    self._holding.add(lane)
                    await self._batch_of(lane)
        except Halted:
            pass
        except Exception as error:
            if not self.failed.done():
                self.failed.set_exception(error)
        finally:
            # No await lies between the last look at the queue and this, so no record is put in between and forgotten.
            self._holding.discard(lane)
            self._waiting.pop(lane, None)
            self._tasks.pop(lane, None)

    async def _batch_of(self, lane: Hashable) -> None:
        waiting = self._waiting.get(lane)
        if waiting and not self._halt.is_set():
            records = [waiting.popleft() for _ in range(min(len(waiting), self._batch))]
            await self._deliver(records, self._halt)
            self._done(records)
        self._holding.discard(lane)
