"""The service's own database with its handlers on it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import pytest_asyncio

from tldr_bus import PostgresOutbox
from tldr_contracts.ids import StreamId
from tldr_contracts.topics import STREAMS
from tldr_database import Database, driver
from tldr_ingest.adapters.streams.streams_postgres import PostgresStreams
from tldr_ingest.adapters.streams.work_postgres import WorkFactory
from tldr_ingest.application.stream_record import StreamRecord
from tldr_ingest.bootstrap import DEFINITION
from tldr_ingest.entrypoints.events import Events
from tldr_jobs import PostgresJobs
from tldr_testing import golden, hand_over, migrated, received


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
        message = golden(STREAMS.name, fact)
        getattr(message, fact).stream_id = self.stream
        event = received(message, self.organization, lane=self.lane)
        async with self.database.tenant(self.organization) as transaction:
            await hand_over(transaction, Events(self.work).subscriptions(), event, dead=dead)

    async def record(self) -> StreamRecord | None:
        async with self.database.tenant(self.organization) as transaction:
            return await PostgresStreams(transaction, self.organization, self.lane).find(StreamId(self.stream))

    async def jobs(self) -> list[tuple[str, int]]:
        rows = await self.fetch("SELECT kind, priority FROM jobs WHERE subject LIKE '%' || $1 ORDER BY kind")
        return [(row["kind"], row["priority"]) for row in rows]

    async def fetch(self, query: str) -> list[Any]:
        async with self.database.system() as transaction:
            return list(await (await driver(transaction)).fetch(query, self.stream))


@pytest_asyncio.fixture(scope="module")
async def ingest_database(postgres_admin: str) -> AsyncIterator[Database]:
    async with migrated(postgres_admin, DEFINITION) as database:
        yield database


@pytest.fixture
def desk(ingest_database: Database, organization: str, stream: str) -> Desk:
    return Desk(ingest_database, organization, stream)
