"""The service's own database with its handlers on it."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from google.protobuf import json_format

from tldr.streams.v1 import streams_pb2
from tldr_bus import PostgresOutbox, Received, Subscription, lock_subjects
from tldr_contracts.ids import StreamId
from tldr_contracts.topics import STREAMS
from tldr_database import Database, driver, provision, upgrade
from tldr_ingest.adapters.streams_postgres import PostgresStreams
from tldr_ingest.adapters.work_postgres import WorkFactory
from tldr_ingest.application.stream_record import StreamRecord
from tldr_ingest.bootstrap import DEFINITION
from tldr_ingest.entrypoints.events import Events
from tldr_jobs import PostgresJobs

SAMPLES = Path(__file__).parents[4] / "proto/samples/tldr.streams.v1"


def _sample(fact: str) -> streams_pb2.StreamEvent:
    return json_format.Parse((SAMPLES / f"{fact}.json").read_text(encoding="utf-8"), streams_pb2.StreamEvent())


@dataclass
class Desk:
    """The service without a broker: handlers are called as the bus calls them. Streams get an id for each test."""

    database: Database
    organization: str
    stream: str
    lane: int = 37
    work: WorkFactory = field(default_factory=lambda: WorkFactory(PostgresJobs(), PostgresOutbox("ingest")))

    async def tell(self, fact: str, *, dead: bool = False) -> None:
        """Handle a golden message, or give it up."""
        message = _sample(fact)
        getattr(message, fact).stream_id = self.stream
        received = Received(
            id=str(uuid4()),
            type=f"tldr.streams.v1.{fact}",
            source="/tldr/gateway",
            time=datetime.now(UTC),
            organization=self.organization,
            subject=self.stream,
            lane=self.lane,
            traceparent=None,
            message=message,
            topic=STREAMS.name,
            partition=0,
            offset=0,
        )
        (subscription,) = self._subscriptions()
        async with self.database.tenant(self.organization) as transaction:
            await lock_subjects(transaction, self.stream)
            if dead:
                await subscription.on_dead(transaction, received, "it could not be handled")
            else:
                await subscription.handle(transaction, received)

    async def record(self) -> StreamRecord | None:
        async with self.database.tenant(self.organization) as transaction:
            return await PostgresStreams(transaction, self.organization, self.lane).get(StreamId(self.stream))

    async def jobs(self) -> list[tuple[str, int]]:
        rows = await self.fetch("SELECT kind, priority FROM jobs WHERE subject LIKE '%' || $1 ORDER BY kind")
        return [(row["kind"], row["priority"]) for row in rows]

    async def fetch(self, query: str) -> list[Any]:
        async with self.database.system() as transaction:
            return list(await (await driver(transaction)).fetch(query, self.stream))

    def _subscriptions(self) -> tuple[Subscription[Any], ...]:
        return Events(self.work).subscriptions()


@pytest_asyncio.fixture(scope="module")
async def ingest_database(postgres_admin: str) -> AsyncIterator[Database]:
    address = await provision(postgres_admin, "ingest", "test", database=f"ingest_desk_{uuid4().hex[:8]}")
    await upgrade(address.owner, DEFINITION.migrations)
    database = Database.connect(address, service_connections=2, system_connections=1)
    yield database
    await database.close()


@pytest.fixture
def desk(ingest_database: Database, organization: str, stream: str) -> Desk:
    return Desk(ingest_database, organization, stream)


@pytest.fixture(scope="session")
def sample() -> Callable[[str], streams_pb2.StreamEvent]:
    """A golden message of `tldr.streams.v1`."""
    return _sample
