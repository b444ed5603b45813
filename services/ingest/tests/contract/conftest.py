"""The service's own database with its handlers on it, and what cutting a file gives."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pytest
import pytest_asyncio

from tldr_bus import PostgresOutbox
from tldr_contracts.ids import StreamId
from tldr_contracts.topics import STREAMS
from tldr_database import Database, driver
from tldr_ingest.adapters.media.segmenter_pyav import cut_source
from tldr_ingest.adapters.media.source_pyav import FileSource
from tldr_ingest.adapters.streams.streams_postgres import PostgresStreams
from tldr_ingest.adapters.streams.work_postgres import WorkFactory
from tldr_ingest.application.stream_record import StreamRecord
from tldr_ingest.bootstrap import DEFINITION
from tldr_ingest.domain.media.source import SourceEvent
from tldr_ingest.entrypoints.events import Events
from tldr_jobs import PostgresJobs
from tldr_testing import golden, hand_over, migrated, received

Event = TypeVar("Event", bound=SourceEvent)


class CutEvents(list[SourceEvent]):
    """What cutting a source gives, in order."""

    def of(self, kind: type[Event]) -> list[Event]:
        return [event for event in self if isinstance(event, kind)]


@pytest.fixture
def events_of() -> Callable[..., CutEvents]:
    """`events_of(path, **settings)`: what `cut_source` gives for a file, to its end."""

    def cut(path: Path, **settings: Any) -> CutEvents:
        return CutEvents(cut_source(FileSource(path), **settings))

    return cut


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
