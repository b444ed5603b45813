"""Services with nothing but a bus: what their handlers do is said by the test, stream by stream."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import pytest
import uuid_utils
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from tldr.streams.v1 import streams_pb2
from tldr_bus import Broker, Bus, BusSettings, PostgresOutbox, Publication, Received, Subscription
from tldr_bus.events.envelope import headers
from tldr_contracts.topics import STREAMS
from tldr_database import Database, DatabaseAddress, Transaction, driver
from tldr_embedded import Servers

EFFECT = "INSERT INTO effects (organization_id, subject, note) VALUES ($1, $2, $3)"
KILL = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = $1 AND ($2 = '' OR application_name = $2)
"""
Handle = Callable[[Transaction, Received[Any]], Awaitable[None]]


def quick(**changes: Any) -> BusSettings:
    """The bus with less patience, so that a test sees the end of it."""
    settings: dict[str, Any] = {
        "relay_poll": 0.3,
        "fetch_wait_ms": 100,
        "handler_deadline": 2.0,
        "quick_delay": 0.02,
        "attempts": 5,
        "parked_delay": 0.1,
        "parked_delay_limit": 0.3,
        "drain_poll": 0.2,
    }
    return BusSettings(**(settings | changes))


@dataclass(frozen=True)
class Raw:
    """A record as a test sends or finds it."""

    partition: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]

    @property
    def subject(self) -> str:
        return (dict(self.headers).get("ce_subject") or b"").decode(errors="replace")

    @property
    def title(self) -> str:
        return streams_pb2.StreamEvent.FromString(self.value or b"").requested.title

    def with_key(self, key: bytes | None) -> "Raw":
        return replace(self, key=key)

    def with_value(self, value: bytes | None) -> "Raw":
        return replace(self, value=value)

    def with_header(self, name: str, value: bytes | None) -> "Raw":
        return replace(self, headers=(*self.without(name).headers, (name, value)))

    def without(self, name: str) -> "Raw":
        return replace(self, headers=tuple(header for header in self.headers if header[0] != name))


@dataclass
class Service:
    """A service that reads the topic of streams, or writes it, or both."""

    name: str
    database: Database
    broker: Callable[[], Broker]
    settings: BusSettings
    admin: str
    handlers: dict[str, Handle] = field(default_factory=dict)
    no_gaps_for: set[str] = field(default_factory=set)
    takes_batches: bool = False
    batches: list[list[str]] = field(default_factory=list)
    bus: Bus | None = None

    async def start(self, *, reads: bool) -> "Service":
        together = self._handle_together if self.takes_batches else None
        subscription = Subscription(STREAMS, self._handle, self._on_dead, together)
        self.bus = Bus(self.name, self.database, self.broker, [subscription] if reads else [], self.settings)
        await self.bus.start()
        return self

    async def stop_bus(self) -> None:
        if self.bus is not None:
            await self.bus.stop(5)

    async def stop(self) -> None:
        await self.stop_bus()
        await self.database.close()

    @property
    def partitions(self) -> int:
        return self.bus.readers[0].partitions if self.bus is not None else 0

    async def publish(self, organization: str, subject: str, *titles: str, lane: int = 0) -> None:
        """One transaction that publishes a fact for each title."""
        async with self.database.tenant(organization) as transaction:
            facts = (self.publication(organization, subject, title, lane) for title in titles)
            await PostgresOutbox(self.name).append(transaction, *facts)

    @staticmethod
    def publication(organization: str, subject: str, title: str, lane: int = 0) -> Publication:
        requested = streams_pb2.StreamRequested(stream_id=subject, lane=lane, title=title)
        return Publication(STREAMS, streams_pb2.StreamEvent(requested=requested), organization, subject, lane)

    def record(self, organization: str, subject: str, title: str, lane: int = 0) -> Raw:
        """What the relay would send for such a publication."""
        fact = self.publication(organization, subject, title, lane)
        found = headers(
            id=UUID(str(uuid_utils.uuid7())),
            type="tldr.streams.v1.StreamRequested",
            source="/tldr/gateway",
            time=datetime.now(UTC),
            subject=subject,
            lane=lane,
            traceparent=None,
        )
        return Raw(STREAMS.partition(lane), organization.encode(), fact.message.SerializeToString(), tuple(found))

    async def send(self, *records: Raw) -> None:
        """Send records past the outbox, in one batch where they share a partition."""
        async with AIOKafkaProducer(bootstrap_servers=self.broker().bootstrap) as producer:
            for partition in {record.partition for record in records}:
                batch = producer.create_batch()
                for record in records:
                    if record.partition == partition:
                        batch.append(timestamp=None, key=record.key, value=record.value, headers=list(record.headers))
                await (await producer.send_batch(batch, STREAMS.name, partition=partition))

    async def all_records(self, topic: str, partitions: int) -> list[Raw]:
        """All that lies on a topic now, partition by partition."""
        places = [TopicPartition(topic, number) for number in range(partitions)]
        found: list[Raw] = []
        async with AIOKafkaConsumer(
            bootstrap_servers=self.broker().bootstrap, auto_offset_reset="earliest"
        ) as consumer:
            consumer.assign(places)
            ends = await consumer.end_offsets(places)
            await consumer.seek_to_beginning()
            while any([await consumer.position(place) < ends[place] for place in places]):
                for records in (await consumer.getmany(timeout_ms=500)).values():
                    found += [Raw(each.partition, each.key, each.value, each.headers) for each in records]
        return sorted(found, key=lambda raw: raw.partition)

    async def effects(self, subject: str) -> list[str]:
        rows = await self.fetch("SELECT note FROM effects WHERE subject = $1 ORDER BY place", subject)
        return [row["note"] for row in rows]

    async def has_effects(self, subject: str, *notes: str) -> bool:
        found = await self.effects(subject)
        assert len(found) <= len(notes), found
        return found == list(notes)

    async def has_no_unsent_events(self) -> bool:
        return not await self.fetch("SELECT id FROM outbox WHERE sent_at IS NULL LIMIT 1")

    async def kill_connections(self, application: str = "") -> None:
        """End the connections to the service's database, or those of one application name."""
        admin = await asyncpg.connect(self.admin)
        await admin.execute(KILL, self.database.address.owner.rpartition("/")[2], application)
        await admin.close()

    async def fetch(self, statement: str, *arguments: object) -> list[Any]:
        async with self.database.system() as transaction:
            return list(await (await driver(transaction)).fetch(statement, *arguments))

    @staticmethod
    async def record_effect(transaction: Transaction, received: Received[Any]) -> None:
        """What every handler does unless the test says otherwise."""
        note = received.fact.title  # type: ignore[attr-defined]
        await (await driver(transaction)).execute(EFFECT, received.organization, received.subject, note)

    async def _handle(self, transaction: Transaction, received: Received[Any]) -> None:
        await self.handlers.get(received.subject, self.record_effect)(transaction, received)

    async def _handle_together(self, transaction: Transaction, several: Sequence[Received[Any]]) -> None:
        self.batches.append([received.subject for received in several])
        for received in several:
            await self._handle(transaction, received)

    async def _on_dead(self, transaction: Transaction, received: Received[Any], reason: str) -> None:
        if received.subject in self.no_gaps_for:
            raise RuntimeError("cannot write the gap")
        note = f"gap: {received.fact.title}: {reason}"  # type: ignore[attr-defined]
        await (await driver(transaction)).execute(EFFECT, received.organization, received.subject, note)


NewService = Callable[..., Awaitable[Service]]


@pytest.fixture(scope="session")
async def new_service(
    servers: Servers, broker: Broker, new_database: Callable[[str], Awaitable[DatabaseAddress]]
) -> AsyncIterator[NewService]:
    """Make a service by name, with a database of its own or the one given. It is not started yet."""
    made: list[Service] = []

    async def make(name: str, *, address: DatabaseAddress | None = None, **settings: Any) -> Service:
        address = address or await new_database(name)
        provider = settings.pop("broker", None) or (lambda: broker)
        made.append(Service(name, Database.connect(address), provider, quick(**settings), servers.addresses.postgres))
        return made[-1]

    yield make
    await asyncio.gather(*(service.stop() for service in made))


@pytest.fixture(scope="session")
async def gateway(new_service: NewService) -> Service:
    """Publishes what happens to streams."""
    return await (await new_service("gateway")).start(reads=False)


@pytest.fixture(scope="session")
async def ingest(new_service: NewService) -> Service:
    """Reads what happens to streams. One for the whole session: joining a group takes Tansu five seconds."""
    service = await new_service("ingest")
    service.takes_batches = True
    return await service.start(reads=True)
