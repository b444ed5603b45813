"""Lanes: side by side with one another, in order within, and quiet when told."""

import asyncio
from collections.abc import Sequence

import pytest

from tldr_bus.events.record import Record
from tldr_bus.reading.lanes import Halted, Lanes


class Worker:
    """Delivers when its lane is opened, and writes down what it delivered."""

    def __init__(self, slots: int = 2, batch: int = 10) -> None:
        self.opened: dict[int, asyncio.Event] = {}
        self.delivered: list[int] = []
        self.done: list[int] = []
        self.lanes = Lanes(self.deliver, self.finish, asyncio.Semaphore(slots), batch)

    async def deliver(self, records: Sequence[Record], halt: asyncio.Event) -> None:
        opened = self.opened.setdefault(records[0].partition, asyncio.Event())
        halted = asyncio.ensure_future(halt.wait())
        waiting = asyncio.ensure_future(opened.wait())
        await asyncio.wait({halted, waiting}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        halted.cancel()
        if not opened.is_set():
            raise Halted
        self.delivered += [record.offset for record in records]

    def finish(self, records: Sequence[Record]) -> None:
        self.done += [record.offset for record in records]

    def put(self, lane: int, *offsets: int) -> None:
        for offset in offsets:
            self.lanes.put(lane, Record("facts", lane, offset, None, None, ()))

    def open(self, *lanes: int) -> None:
        for lane in lanes:
            self.opened.setdefault(lane, asyncio.Event()).set()

    async def until_done(self, *offsets: int) -> None:
        async with asyncio.timeout(2):
            while self.done != list(offsets):
                await asyncio.sleep(0)


async def test_a_lane_that_waits_holds_up_no_other() -> None:
    worker = Worker()
    worker.open(2)
    worker.put(1, 10)
    worker.put(2, 20, 21)
    await worker.until_done(20, 21)
    worker.put(2, 22)
    await worker.until_done(20, 21, 22)
    worker.open(1)
    await worker.until_done(20, 21, 22, 10)


async def test_a_long_lane_lets_others_have_its_slot_between_batches() -> None:
    worker = Worker(slots=1, batch=2)
    worker.open(1, 2)
    worker.put(1, 10, 11, 12, 13)
    worker.put(2, 20)
    await worker.until_done(10, 11, 20, 12, 13)


async def test_what_was_not_begun_when_halted_is_forgotten() -> None:
    worker = Worker(slots=1, batch=1)
    worker.put(1, 10, 11)
    worker.put(2, 20)
    await asyncio.sleep(0)
    await worker.lanes.halt(1)
    worker.open(1, 2)
    worker.put(3, 30)
    worker.open(3)
    await worker.until_done(30)


async def test_what_does_not_end_in_time_is_cancelled() -> None:
    async def for_ever(records: Sequence[Record], halt: asyncio.Event) -> None:
        await asyncio.Event().wait()

    done: list[Sequence[Record]] = []
    lanes = Lanes(for_ever, done.append, asyncio.Semaphore(1), 10)
    lanes.put(1, Record("facts", 1, 10, None, None, ()))
    await asyncio.sleep(0)
    await lanes.halt(0.01)
    assert done == []


async def test_a_fault_of_the_bus_itself_is_told() -> None:
    async def fail(records: Sequence[Record], halt: asyncio.Event) -> None:
        raise LookupError

    lanes = Lanes(fail, lambda records: None, asyncio.Semaphore(1), 10)
    lanes.put(1, Record("facts", 1, 10, None, None, ()))
    with pytest.raises(LookupError):
        await asyncio.wait_for(lanes.failed, 1)
