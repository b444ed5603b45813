"""The drain on a database, with queues that are long, slow or in trouble."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uuid_utils

from tldr_bus import BusSettings
from tldr_bus.events.record import Record
from tldr_bus.parked.drain import Drain
from tldr_bus.parked.parking import Queue, due_head, leave, park
from tldr_database import Database, DatabaseAddress, driver
from tldr_testing import eventually

GROUP = "gateway.tldr.streams.v1"


class Queues:
    """Takes heads away; the first letter of a subject says how it fares."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.done: Counter[str] = Counter()
        self.raised: Counter[str] = Counter()

    async def __call__(self, queue: Queue) -> bool:
        if queue.subject.startswith("raises"):
            self.raised[queue.subject] += 1
            raise TimeoutError("a lock that somebody holds")
        if queue.subject.startswith("hangs"):
            await asyncio.Event().wait()
        async with self.database.tenant(queue.organization) as transaction:
            connection = await driver(transaction)
            head = await due_head(connection, queue)
            if head is None or not await leave(connection, queue, head):
                return False
        self.done[queue.subject] += 1
        return True


@pytest.fixture
async def database(new_database: Callable[[str], Awaitable[DatabaseAddress]]) -> AsyncIterator[Database]:
    database = Database.connect(await new_database("gateway"))
    yield database
    await database.close()


async def parked(database: Database, subject: str, count: int) -> None:
    async with database.tenant("org_a") as transaction:
        for _ in range(count):
            record = Record("tldr.streams.v1", 0, 1, b"org_a", b"", [])
            place = Queue(GROUP, "org_a", subject)
            id = str(uuid_utils.uuid7())
            await park(await driver(transaction), place, record, id, attempts=1, error="no", delay=0.0)


@asynccontextmanager
async def draining(database: Database) -> AsyncIterator[Queues]:
    queues = Queues(database)
    drain = Drain("gateway", {GROUP: queues}, database, BusSettings(drain_poll=0.2))
    task = asyncio.create_task(drain.run())
    try:
        yield queues
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_a_long_queue_holds_up_no_short_one(database: Database) -> None:
    await parked(database, "long", 400)
    for number in range(10):
        await parked(database, f"short {number}", 1)
    async with draining(database) as queues:

        async def short_ones_done() -> bool:
            return all(queues.done[f"short {number}"] for number in range(10))

        await eventually(short_ones_done)
        assert queues.done["long"] < 400, "the long one had its chances, not all of them"

        async def all_done() -> bool:
            return queues.done["long"] == 400

        await eventually(all_done)


async def test_as_many_long_queues_as_are_drained_at_once_hold_up_no_short_one(database: Database) -> None:
    for number in range(4):
        await parked(database, f"long {number}", 100)
    await parked(database, "short", 1)
    async with draining(database) as queues:

        async def short_one_done() -> bool:
            return bool(queues.done["short"])

        await eventually(short_one_done)
        assert all(queues.done[f"long {number}"] < 100 for number in range(4)), (
            "each has had its chances, not all of them"
        )


async def test_queues_that_raise_or_hang_starve_no_other(database: Database) -> None:
    for number in range(8):
        await parked(database, f"raises {number}", 1)
    for number in range(3):
        await parked(database, f"hangs {number}", 1)
    await parked(database, "well", 3)
    async with draining(database) as queues:

        async def well_done() -> Any:
            return queues.done["well"] == 3

        await eventually(well_done)
        assert all(tries <= 3 for tries in queues.raised.values()), "they rest in between"
