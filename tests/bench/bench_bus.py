"""Events per second from outbox to inbox with one small effect each, over a bare produce-and-consume of the same events.

    python tests/bench/bench_bus.py [--broker apache|tansu] [--events 9600] [--rounds 3]

Both run in this process, in turns, on the same broker: events of 300 bytes, made beforehand, sent idempotently and with
acks=all where the broker can. The bus writes 20 events in a transaction, with eight writers in eight lanes, and a handler
inserts a row for each event. Beside it: one event in a transaction, and a handler that inserts the rows of a batch in one
statement. Each round gives a ratio to the bare loop before it; printed is the median, last the one for 20 and a row at a
time.
"""

import argparse
import asyncio
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, Literal
from uuid import UUID

import asyncpg
import uuid_utils
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from tldr.streams.v1 import streams_pb2
from tldr_bus import (
    Broker,
    Bus,
    BusSettings,
    PostgresOutbox,
    Publication,
    Received,
    Subscription,
    ensure_topics,
    schema,
)
from tldr_bus.events.envelope import headers
from tldr_contracts.ids import new_id
from tldr_contracts.topics import STREAMS
from tldr_database import Database, Roles, Transaction, driver, provision
from tldr_database.schema import open_schema, tenant_table
from tldr_embedded import start

BYTES = 300
WRITERS = 8
WARM_UP = 480
DEADLINE_S = 300
WAYS = {
    # events in a transaction, whether handled together, part of the events
    "bus, one event per transaction": (1, False, 4),
    "bus, 20 per transaction, handled together": (20, True, 1),
    "bus, 20 per transaction": (20, False, 1),
}
EFFECT = "INSERT INTO effects (organization_id, subject) VALUES ($1, $2)"
EFFECTS = "INSERT INTO effects (organization_id, subject) SELECT * FROM unnest($1::text[], $2::text[])"


def event(stream: str, lane: int) -> streams_pb2.StreamEvent:
    """A fact that is 300 bytes long."""
    message = streams_pb2.StreamEvent(
        requested=streams_pb2.StreamRequested(stream_id=stream, lane=lane, title="x" * 100)
    )
    message.requested.title = "x" * (100 + BYTES - message.ByteSize())
    message.requested.title = "x" * (len(message.requested.title) + BYTES - message.ByteSize())
    assert message.ByteSize() == BYTES
    return message


class Effects:
    """The handler: one insert for each event, and a count of what was asked for."""

    def __init__(self) -> None:
        self.seen = 0

    async def __call__(self, transaction: Transaction, received: Received[Any]) -> None:
        await (await driver(transaction)).execute(EFFECT, received.organization, received.subject)
        self.seen += 1

    async def together(self, transaction: Transaction, several: Sequence[Received[Any]]) -> None:
        """The same for several events: one statement, as many rows."""
        organizations, subjects = [each.organization for each in several], [each.subject for each in several]
        await (await driver(transaction)).execute(EFFECTS, organizations, subjects)
        self.seen += len(several)

    async def reach(self, count: int, database: Database) -> None:
        """Wait until so many effects are committed."""
        while self.seen < count:
            await asyncio.sleep(0.005)
        while True:
            async with database.system() as transaction:
                if await (await driver(transaction)).fetchval("SELECT count(*) FROM effects") >= count:
                    return
            await asyncio.sleep(0.005)

    async def dead(self, transaction: Transaction, received: Received[Any], reason: str) -> None:
        raise RuntimeError(reason)


async def bare(broker: Broker, count: int) -> float:
    """Events per second of a pipelined producer and a consumer, side by side, with the same keys, headers and values."""
    topic = f"bare.{new_id('bench')}"
    await _create(broker, topic)
    producer = AIOKafkaProducer(
        bootstrap_servers=broker.bootstrap, acks="all", enable_idempotence=broker.idempotent, linger_ms=5
    )
    consumer = AIOKafkaConsumer(
        topic,
        bootstrap_servers=broker.bootstrap,
        group_id=topic,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    await producer.start()
    await consumer.start()
    events = [_record(number % WRITERS) for number in range(count)]

    async def produce() -> None:
        sent = [
            await producer.send(topic, value, key, partition, headers=found) for partition, key, value, found in events
        ]
        await asyncio.gather(*sent)

    async def consume() -> None:
        seen = 0
        while seen < count:
            seen += sum(map(len, (await consumer.getmany(timeout_ms=1000)).values()))
            await consumer.commit()

    began = perf_counter()
    async with asyncio.timeout(DEADLINE_S):
        await asyncio.gather(produce(), consume())
    took = perf_counter() - began
    await producer.stop()
    await consumer.stop()
    return count / took


def _record(lane: int) -> tuple[int, bytes, bytes, list[tuple[str, bytes]]]:
    """What the relay makes of an event: partition, key, value, headers."""
    stream = new_id("str")
    found = headers(
        id=UUID(str(uuid_utils.uuid7())),
        type="tldr.streams.v1.StreamRequested",
        source="/tldr/gateway",
        time=datetime.now(UTC),
        subject=stream,
        lane=lane,
        traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00",
    )
    return STREAMS.partition(lane), b"org_bench", event(stream, lane).SerializeToString(), found


async def bus(admin: str, broker: Broker, count: int, together: int, *, batched: bool) -> float:
    """Events per second from the first append to the last effect committed."""
    effects = Effects()
    async with _service(admin, "gateway") as writer, _service(admin, "ingest") as reader:
        relay = Bus("gateway", writer, lambda: broker, [])
        subscription = Subscription(STREAMS, effects, effects.dead, effects.together if batched else None)
        reading = Bus("ingest", reader, lambda: broker, [subscription], BusSettings(lanes=WRITERS))
        await relay.start()
        await reading.start()
        try:
            async with asyncio.timeout(DEADLINE_S):
                await _publish(writer, [_transactions(WARM_UP, 20, lane) for lane in range(WRITERS)])
                await effects.reach(WARM_UP, reader)
                writers = [_transactions(count, together, lane) for lane in range(WRITERS)]
                began = perf_counter()
                await _publish(writer, writers)
                await effects.reach(WARM_UP + count, reader)
                took = perf_counter() - began
        finally:
            await asyncio.gather(relay.stop(), reading.stop())
    return count / took


Writing = list[list[Publication]]
"""The transactions of one writer."""


def _transactions(count: int, together: int, lane: int) -> Writing:
    stream = new_id("str")
    return [
        [Publication(STREAMS, event(stream, lane), "org_bench", stream, lane) for _ in range(together)]
        for _ in range(count // WRITERS // together)
    ]


async def _publish(database: Database, writers: Sequence[Writing]) -> None:
    outbox = PostgresOutbox("gateway")

    async def write(transactions: Writing) -> None:
        for publications in transactions:
            async with database.tenant("org_bench") as transaction:
                await outbox.append(transaction, *publications)

    await asyncio.gather(*(write(transactions) for transactions in writers))


@asynccontextmanager
async def _service(admin: str, service: str) -> AsyncIterator[Database]:
    address = await provision(admin, service, "bench", database=f"{service}_{new_id('bench')}")
    roles = Roles.of(service)
    statements: list[str] = []
    open_schema(statements.append, service)
    schema.create(statements.append, service)
    statements.append("CREATE TABLE effects (id bigserial, organization_id text, subject text)")
    tenant_table(statements.append, service, "effects")
    statements.append(f'GRANT USAGE ON SEQUENCE effects_id_seq TO "{roles.service}", "{roles.system}"')
    owner = await asyncpg.connect(address.owner)
    for statement in statements:
        await owner.execute(statement)
    await owner.close()
    database = Database.connect(address, service_connections=12)
    yield database
    await database.close()


async def _create(broker: Broker, topic: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic(topic, STREAMS.partitions, 1)])
    await admin.close()


async def main(kind: Literal["apache", "tansu"], count: int, rounds: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="tldr-bench-") as folder:
        servers = await start(Path(folder), kind, progress=print)
        try:
            addresses = servers.addresses
            broker = Broker(addresses.kafka, addresses.idempotent)
            await ensure_topics(broker, [STREAMS])
            await bare(broker, WARM_UP)
            plain: list[float] = []
            found: dict[str, list[float]] = {name: [] for name in WAYS}
            for _ in range(rounds):
                for name, (together, batched, share) in WAYS.items():
                    plain.append(await bare(broker, count))
                    found[name].append(await bus(addresses.postgres, broker, count // share, together, batched=batched))
            print(f"{'bare produce and consume':45} {median(plain):8,.0f} events/s")
            for number, (name, speeds) in enumerate(found.items()):
                ratio = median(speed / plain[number + len(WAYS) * turn] for turn, speed in enumerate(speeds))
                print(f"{name:45} {median(speeds):8,.0f} events/s, ratio {ratio:.2f}")
            print(f"ratio: {ratio:.2f}")
        finally:
            await servers.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="The bus against bare Kafka.")
    parser.add_argument("--broker", choices=["apache", "tansu"], default="apache")
    parser.add_argument("--events", type=int, default=9600)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    whole = WRITERS * 20 * 4
    asyncio.run(main(arguments.broker, max(1, arguments.events // whole) * whole, arguments.rounds))
