"""The golden messages of the services the gateway reads: its handlers take each of them, and understand it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tldr_bus import PostgresOutbox, lock_subjects
from tldr_bus.events.unknown import unknown_facts
from tldr_contracts.ids import StreamId
from tldr_database import Database
from tldr_gateway.adapters.streams.addresses_sealed import SealedAddresses
from tldr_gateway.adapters.streams.profiles_files import FileProfiles
from tldr_gateway.adapters.work_postgres import Work, WorkFactory
from tldr_gateway.domain.streams.stream import State
from tldr_gateway.entrypoints.events import Events
from tldr_secrets import Sealer
from tldr_testing import eventually, hand_over, received
from tldr_testing.hosting import SEALING_KEY

READ = [
    *(("tldr.ingestions.v1", fact) for fact in ("started", "segment_stored", "gap_found", "ended")),
    *(("tldr.ingestions.v1", fact) for fact in ("waiting", "interrupted", "resumed")),
    *(("tldr.highlights.v1", fact) for fact in ("detected", "revised", "ready", "failed", "withdrawn")),
    *(("tldr.highlights.v1", fact) for fact in ("settled", "rescore_settled")),
    *(("tldr.deliveries.v1", fact) for fact in ("delivered", "abandoned", "endpoint_disabled")),
]


class Desk:
    """Handlers on a database, called as the bus calls them, for a stream that is pending."""

    def __init__(self, database: Database, ports: Any) -> None:
        self.database, self.ports, self.stream = database, ports, ports.stream()
        addresses = SealedAddresses(Sealer(SEALING_KEY))
        self.work = WorkFactory(PostgresOutbox("gateway"), addresses, FileProfiles.read(), ports.clock)

    async def open(self) -> None:
        """Register the organization and submit the stream."""
        async with self.bound() as work:
            await work.register(self.ports.organization, name="Desk", email=self._email, plan="free")
            await work.streams.add(self.stream)

    async def tell(self, message: Any, *, dead: bool = False) -> None:
        """Handle an event about the stream, or give it up."""
        stream, now = self.stream, self.ports.clock.now()
        event = received(message, self.ports.organization, subject=stream.id, lane=stream.lane, time=now)
        async with self.database.tenant(self.ports.organization) as transaction:
            await hand_over(transaction, Events(self.work).subscriptions(), event, dead=dead)

    async def state(self) -> State:
        async with self.bound() as work:
            found = await work.streams.get(StreamId(self.stream.id))
        assert found
        return found.state

    @asynccontextmanager
    async def bound(self) -> AsyncIterator[Work]:
        async with self.database.tenant(self.ports.organization) as transaction:
            yield self.work(transaction, self.ports.organization)

    @property
    def _email(self) -> str:
        return f"{self.ports.organization}@example.com"


@pytest.fixture
async def desk(database: Database, memory: Any) -> Desk:
    made = Desk(database, memory)
    await made.open()
    return made


@pytest.mark.parametrize(("topic", "fact"), READ)
async def test_a_golden_message_is_handled(
    desk: Desk, sample: Callable[[str, str], Any], topic: str, fact: str
) -> None:
    await desk.tell(sample(topic, fact))
    expected = {"started": State.PROCESSING, "settled": State.COMPLETED}.get(fact, State.PENDING)
    assert await desk.state() is expected


@pytest.mark.parametrize(("topic", "fact"), READ)
async def test_a_golden_message_can_be_given_up(
    desk: Desk, sample: Callable[[str, str], Any], topic: str, fact: str
) -> None:
    await desk.tell(sample(topic, fact), dead=True)
    assert await desk.state() is (State.FAILED if fact == "settled" else State.PENDING)


@pytest.mark.parametrize(
    ("topic", "fact"),
    [(topic, fact) for topic, fact in READ if topic != "tldr.deliveries.v1" and "settled" not in fact],
)
async def test_every_fact_about_a_stream_is_a_sign_of_work(
    desk: Desk, sample: Callable[[str, str], Any], topic: str, fact: str
) -> None:
    before = desk.ports.clock.now()
    desk.ports.clock.pass_by(minutes=5)
    await desk.tell(sample(topic, fact))
    async with desk.bound() as work:
        assert not await work.streams.still_since(StreamId(desk.stream.id), before)


@pytest.mark.parametrize(("topic", "fact"), READ)
async def test_no_fact_that_is_read_is_unknown(
    desk: Desk, sample: Callable[[str, str], Any], topic: str, fact: str
) -> None:
    before = dict(unknown_facts([topic]))
    await desk.tell(sample(topic, fact))
    assert dict(unknown_facts([topic])) == before


async def test_a_golden_outcome_is_understood(desk: Desk, sample: Callable[[str, str], Any]) -> None:
    await desk.tell(sample("tldr.highlights.v1", "settled"))
    async with desk.bound() as work:
        found = await work.streams.get(StreamId(desk.stream.id))
    assert found
    assert (found.duration_ms, found.highlights) == (180_000, 2)
    (gap,) = found.gaps
    assert (gap["modality"], gap["range"]["start_ms"], gap["code"]) == ("MODALITY_CHAT", "60000", "window_unreadable")


async def test_a_deleted_highlight_is_counted_no_longer(desk: Desk, sample: Callable[[str, str], Any]) -> None:
    settled, gone = sample("tldr.highlights.v1", "settled"), sample("tldr.highlights.v1", "withdrawn")
    await desk.tell(settled)
    gone.withdrawn.run_id = settled.settled.run_id
    for deleted, left in ((False, 2), (True, 1)):
        gone.withdrawn.deleted = deleted
        await desk.tell(gone)
        async with desk.bound() as work:
            found = await work.streams.get(StreamId(desk.stream.id))
            run = await work.runs.get(StreamId(desk.stream.id), settled.settled.run_id)
        assert found
        assert run
        assert (found.highlights, run.highlights) == (left, left)


async def test_an_endpoint_that_was_switched_off_is_in_the_audit_log(
    desk: Desk, sample: Callable[[str, str], Any]
) -> None:
    await desk.tell(sample("tldr.deliveries.v1", "endpoint_disabled"))
    async with desk.database.tenant(desk.ports.organization) as transaction:
        query = "SELECT subject FROM audit_log WHERE action = 'webhook_endpoint.disabled'"
        (row,) = await transaction.exec_driver_sql(query)
    assert row.subject == "whe_0199c2c8f2227c3d8e4f5a6b7c8d9e0f"


async def test_an_event_and_a_request_never_wait_for_each_other(desk: Desk, sample: Callable[[str, str], Any]) -> None:
    stream = StreamId(desk.stream.id)

    async def cancel() -> None:
        async with desk.bound() as work:
            await work.change.cancel(stream, actor="key_1")

    async def waits() -> bool:
        async with desk.database.untenanted() as transaction:
            found = await transaction.exec_driver_sql(
                "SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = 'advisory' AND database ="
                " (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
            return bool(list(found))

    async with desk.database.tenant(desk.ports.organization) as transaction:
        await lock_subjects(transaction, stream)  # as the bus does before it calls a handler
        request = asyncio.create_task(cancel())
        await eventually(waits)
        # The request waits for the subject and holds nothing that the handler wants.
        await desk.work(transaction, desk.ports.organization).follow.started(stream, attempt=1)
    await request
    assert await desk.state() is State.CANCELLED
