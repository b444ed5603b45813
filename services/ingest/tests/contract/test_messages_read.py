"""The golden messages of `tldr.streams.v1` are accepted, and do what they say, on the service's own database."""

from collections.abc import AsyncIterator
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
from tldr_ingest.adapters.requests_protobuf import request_of
from tldr_ingest.adapters.streams_postgres import PostgresStreams
from tldr_ingest.adapters.work_postgres import WorkFactory
from tldr_ingest.application.stream_record import Address, ChatRequest, Request, StreamRecord, Upload
from tldr_ingest.bootstrap import DEFINITION
from tldr_ingest.domain.chat import ChatFormat
from tldr_ingest.entrypoints.events import Events
from tldr_jobs import PostgresJobs

SAMPLES = Path(__file__).parents[4] / "proto/samples/tldr.streams.v1"
STREAM = "str_0199c2c8f5a97c1e8d2f6b7a3e4d5c6b"
LANE = 37


def sample(fact: str) -> streams_pb2.StreamEvent:
    return json_format.Parse((SAMPLES / f"{fact}.json").read_text(encoding="utf-8"), streams_pb2.StreamEvent())


@dataclass
class Desk:
    """The service without a broker: handlers are called as the bus calls them. Streams get an id for each test."""

    database: Database
    organization: str
    stream: str
    work: WorkFactory = field(default_factory=lambda: WorkFactory(PostgresJobs(), PostgresOutbox("ingest")))

    async def tell(self, fact: str, *, dead: bool = False) -> None:
        """Handle a golden message, or give it up."""
        message = sample(fact)
        getattr(message, fact).stream_id = self.stream
        received = Received(
            id=str(uuid4()),
            type=f"tldr.streams.v1.{fact}",
            source="/tldr/gateway",
            time=datetime.now(UTC),
            organization=self.organization,
            subject=self.stream,
            lane=LANE,
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
            return await PostgresStreams(transaction, self.organization, LANE).get(StreamId(self.stream))

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


def test_a_request_says_what_is_to_be_read() -> None:
    message = sample("requested").requested
    media, chat = message.source.upload, message.chat.upload
    assert request_of(message) == Request(
        priority=10,
        place=Upload(media.bucket, media.key),
        chat=ChatRequest(Upload(chat.bucket, chat.key), ChatFormat.TWITCH_DOWNLOADER),
    )


def test_a_request_may_name_addresses_and_no_chat() -> None:
    source = streams_pb2.Source(url="https://example.com/a.mp4", kind=streams_pb2.SOURCE_KIND_LIVE)
    message = streams_pb2.StreamRequested(stream_id=STREAM, source=source)
    assert request_of(message) == Request(priority=0, place=Address("https://example.com/a.mp4"), live=True)
    message.chat.url = "https://example.com/a.csv"
    assert request_of(message).chat == ChatRequest(Address("https://example.com/a.csv"))


async def test_a_request_asks_for_readings_of_its_priority(desk: Desk) -> None:
    await desk.tell("requested")
    assert await desk.jobs() == [("read-chat", 10), ("read-upload", 10)]
    record = await desk.record()
    assert record is not None
    assert record.request == request_of(sample("requested").requested)


async def test_a_retry_asks_for_readings_of_its_attempt(desk: Desk) -> None:
    await desk.tell("requested")
    await desk.tell("failed")
    assert await desk.jobs() == []
    await desk.tell("retried")
    rows = await desk.fetch("SELECT payload FROM jobs WHERE subject = $1")
    assert [row["payload"] for row in rows] == [{"lane": LANE, "attempt": 2}] * 2


@pytest.mark.parametrize(
    "fact", ["requested", "retried", "stopped", "cancelled", "deleted", "completed", "failed", "started"]
)
@pytest.mark.parametrize("first", [True, False])
async def test_every_decision_is_accepted_also_when_it_comes_first(desk: Desk, fact: str, first: bool) -> None:
    if not first:
        await desk.tell("requested")
    await desk.tell(fact)


async def test_each_organization_sees_its_own_streams_only(desk: Desk) -> None:
    await desk.tell("requested")
    async with desk.database.tenant("org_other") as transaction:
        assert await PostgresStreams(transaction, "org_other", LANE).get(StreamId(desk.stream)) is None


@pytest.mark.parametrize("fact", ["requested", "retried"])
async def test_an_attempt_that_cannot_be_begun_ends(desk: Desk, fact: str) -> None:
    if fact == "retried":
        await desk.tell("requested")
        await desk.tell("failed")
    await desk.tell(fact, dead=True)
    rows = await desk.fetch("SELECT topic, lane FROM outbox WHERE subject = $1 ORDER BY id")
    assert [(row["topic"], row["lane"]) for row in rows] == [("tldr.chat.v1", LANE), ("tldr.ingestions.v1", LANE)]
    assert await desk.jobs() == []
