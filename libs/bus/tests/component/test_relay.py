"""The relay on a database, with a broker whose partitions do what a test says."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import asyncpg
import pytest

from tldr.streams.v1 import streams_pb2
from tldr_bus import Broker, BrokerUnavailable, BusSettings, PostgresOutbox, Publication, list_dead, redrive
from tldr_bus.kafka.cluster import Cluster
from tldr_bus.sending.batches import Place, Sent
from tldr_bus.sending.relay import Relay
from tldr_bus.sending.retention import Retention
from tldr_contracts.topics import STREAMS
from tldr_database import Database, DatabaseAddress, driver
from tldr_testing import eventually

BROKER = Broker("localhost:1")
SICK, WELL = 2, 5


class Partitions:
    """What the partitions of a broker took, in order; some fail, some say nothing."""

    def __init__(self) -> None:
        self.took: dict[int, list[str]] = defaultdict(list)
        self.failing: set[int] = set()
        self.silent: set[int] = set()
        self.too_large: set[str] = set()

    async def connect(self, broker: Broker, source: str) -> "Partitions":
        return self

    async def cluster_id(self) -> str:
        return "cluster"

    async def close(self) -> None:
        return

    async def send(self, place: Place, rows: Sequence[asyncpg.Record]) -> Sent:
        if place[1] in self.silent:
            await asyncio.Event().wait()
        if place[1] in self.failing:
            return Sent(error=BrokerUnavailable("no leader"))
        refused = {row["id"]: "too large" for row in rows if row["subject"] in self.too_large}
        taken = [row for row in rows if row["id"] not in refused]
        self.took[place[1]] += [row["subject"] for row in taken]
        return Sent([row["id"] for row in taken], refused)


class Watch:
    """Knows one cluster."""

    async def cluster(self) -> Cluster:
        return Cluster(BROKER, "cluster")


@pytest.fixture
async def database(new_database: Callable[[str], Awaitable[DatabaseAddress]]) -> AsyncIterator[Database]:
    database = Database.connect(await new_database("gateway"))
    yield database
    await database.close()


@pytest.fixture
def partitions() -> Partitions:
    return Partitions()


@asynccontextmanager
async def relaying(database: Database, partitions: Partitions, **changes: Any) -> AsyncIterator[Relay]:
    settings = BusSettings(relay_poll=0.3, **changes)
    watch: Any = Watch()
    connect: Any = partitions.connect
    relay = Relay("gateway", database, watch, Retention(settings, []), settings, connect)
    task = asyncio.create_task(relay.run())
    try:
        yield relay
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def publish(database: Database, lane: int, *subjects: str) -> None:
    async with database.tenant("org_a") as transaction:
        for subject in subjects:
            message = streams_pb2.StreamEvent(stopped=streams_pb2.StreamStopped(stream_id=subject))
            await PostgresOutbox("gateway").append(transaction, Publication(STREAMS, message, "org_a", subject, lane))


async def pending(database: Database) -> list[str]:
    async with database.system() as transaction:
        query = "SELECT subject FROM outbox WHERE sent_at IS NULL ORDER BY id"
        return [row["subject"] for row in await (await driver(transaction)).fetch(query)]


@pytest.mark.parametrize("trouble", ["failing", "silent"])
async def test_a_partition_that_takes_nothing_holds_up_no_other(
    database: Database, partitions: Partitions, trouble: str
) -> None:
    stuck = [f"stuck {number}" for number in range(30)]
    await publish(database, SICK, *stuck)
    getattr(partitions, trouble).add(SICK)
    # Fewer rows at a time than wait for the sick partition: the others are behind all of them.
    async with relaying(database, partitions, relay_batch=10) as relay:
        for number in range(5):
            await publish(database, WELL, f"well {number}")
            sent = [f"well {one}" for one in range(number + 1)]
            await eventually(partial(_equal, partitions.took[WELL], sent), limit_s=2.0)

        async def rest_is_sent() -> bool:
            return await pending(database) == stuck

        await eventually(rest_is_sent)
        assert relay.condition.healthy


async def test_a_partition_that_works_again_gets_what_waited_in_order(
    database: Database, partitions: Partitions
) -> None:
    stuck = [f"stuck {number}" for number in range(5)]
    await publish(database, SICK, *stuck)
    partitions.failing.add(SICK)
    async with relaying(database, partitions):
        await publish(database, WELL, "well")
        await eventually(partial(_equal, partitions.took[WELL], ["well"]))
        partitions.failing.clear()
        await publish(database, SICK, "later")
        await eventually(partial(_equal, partitions.took[SICK], [*stuck, "later"]))


async def test_a_record_that_no_broker_takes_is_a_dead_letter_and_holds_up_none_behind_it(
    database: Database, partitions: Partitions
) -> None:
    partitions.too_large.add("large")
    await publish(database, WELL, "before", "large", "behind")
    async with relaying(database, partitions):
        await eventually(partial(_equal, partitions.took[WELL], ["before", "behind"]))

        async def dead() -> Any:
            return await list_dead(database)

        (letter,) = await eventually(dead)
    assert (letter.group, letter.subject, letter.error) == ("gateway.outbox", "large", "too large")
    assert await pending(database) == []
    assert await redrive(database, [letter.id]) == 0


async def _equal(found: list[str], wanted: list[str]) -> bool:
    return found == wanted
