"""The dispatcher's ports over memory and over PostgreSQL."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from tldr_contracts.ids import earliest_id, new_id
from tldr_contracts.webhooks import Highlight
from tldr_database import Database
from tldr_testing import NOW, FixedClock, migrated
from tldr_webhook_dispatcher.adapters.endpoints.endpoints_postgres import PostgresEndpoints
from tldr_webhook_dispatcher.adapters.messages.events_postgres import PostgresEvents
from tldr_webhook_dispatcher.adapters.messages.messages_postgres import PostgresMessages
from tldr_webhook_dispatcher.adapters.messages.recoveries_postgres import PostgresRecoveries
from tldr_webhook_dispatcher.adapters.streams.ends_postgres import PostgresEnds
from tldr_webhook_dispatcher.application.messages.send_message import SendMessage
from tldr_webhook_dispatcher.bootstrap import DEFINITION
from tldr_webhook_dispatcher.domain.endpoints.endpoint import Address, Endpoint
from tldr_webhook_dispatcher.domain.messages.event import Event
from tldr_webhook_dispatcher.domain.messages.message import (
    ORDERED_ATTEMPTS,
    Attempt,
    Deliveries,
    DeliveryState,
    Message,
)
from tldr_webhook_dispatcher.domain.messages.recovery import Recovery


class MemoryEndpoints:
    """Endpoints in a dictionary."""

    def __init__(self) -> None:
        self.rows: dict[str, Endpoint] = {}

    async def take_turn(self, organization: str) -> None:
        return

    async def add(self, endpoint: Endpoint) -> None:
        self.rows[endpoint.id] = endpoint

    async def get(self, endpoint: str) -> Endpoint | None:
        return self.rows.get(endpoint)

    async def lock(self, endpoint: str) -> Endpoint | None:
        return self.rows.get(endpoint)

    async def all(self) -> Sequence[Endpoint]:
        return sorted(self.rows.values(), key=lambda endpoint: endpoint.id)

    async def save(self, endpoint: Endpoint) -> None:
        if endpoint.id in self.rows:
            self.rows[endpoint.id] = endpoint

    async def delete(self, endpoint: str) -> bool:
        return self.rows.pop(endpoint, None) is not None


class MemoryMessages:
    """Messages and their log in dictionaries."""

    def __init__(self) -> None:
        self.rows: dict[str, Message] = {}
        self.tries: dict[str, list[Attempt]] = {}

    async def add(self, message: Message) -> None:
        self.rows[message.key] = message

    async def get(self, endpoint: str, message: str) -> Message | None:
        return self.rows.get(f"{message}.{endpoint}")

    async def due(self, endpoint: str, now: datetime) -> Message | None:
        return next(
            (one for one in self._pending(endpoint) if one.next_attempt_at and one.next_attempt_at <= now), None
        )

    async def next_due(self, endpoint: str) -> datetime | None:
        return next((one.next_attempt_at for one in self._pending(endpoint)), None)

    def _pending(self, endpoint: str) -> list[Message]:
        pending = [one for one in self.rows.values() if one.endpoint == endpoint and one.state is DeliveryState.PENDING]
        waiting = [one for one in pending if not any(_holds_back(older, one) for older in pending)]
        return sorted(waiting, key=lambda one: (one.next_attempt_at or NOW, one.id))

    async def notified(self, highlight: str) -> Mapping[str, int]:
        told: dict[str, int] = {}
        for one in self.rows.values():
            if one.highlight == highlight:
                told[one.endpoint] = max(told.get(one.endpoint, 0), one.revision)
        return told

    async def save(self, message: Message) -> None:
        self.rows[message.key] = message

    async def record(self, message: Message, attempt: Attempt) -> None:
        self.tries.setdefault(message.key, []).append(attempt)

    async def log(self, message: Message) -> Sequence[Attempt]:
        return self.tries.get(message.key, [])

    async def page(
        self, endpoint: str, wanted: Deliveries, *, before: str | None, limit: int
    ) -> Sequence[tuple[Message, Sequence[Attempt]]]:
        found = [
            message
            for message in self.rows.values()
            if message.endpoint == endpoint
            and wanted.state in {None, message.state}
            and wanted.type in {None, message.type}
            and (wanted.since is None or message.id >= earliest_id("msg", wanted.since))
            and (wanted.until is None or message.id < earliest_id("msg", wanted.until))
            and (before is None or message.id < before)
        ]
        found.sort(key=lambda message: message.id, reverse=True)
        return [(message, self.tries.get(message.key, [])) for message in found[:limit]]

    async def abandoned(self, recovery: Recovery) -> int:
        return len(self._left_of(recovery))

    async def revive(self, recovery: Recovery, limit: int) -> Sequence[str]:
        due = self._left_of(recovery)[:limit]
        for key in due:
            self.rows[key] = replace(
                self.rows[key], state=DeliveryState.PENDING, attempts=0, next_attempt_at=recovery.asked_at
            )
        return due

    def _left_of(self, recovery: Recovery) -> list[str]:
        first, last = earliest_id("msg", recovery.since), earliest_id("msg", recovery.asked_at)
        return sorted(
            key
            for key, one in self.rows.items()
            if (one.endpoint, one.state) == (recovery.endpoint, DeliveryState.ABANDONED)
            and first <= key < last
            and key > recovery.after
        )


class MemoryEvents:
    """Events in a list."""

    def __init__(self) -> None:
        self.rows: list[Event] = []
        self.last, self.closed = 0, False

    async def next_number(self) -> int | None:
        if self.closed:
            return None
        self.last += 1
        return self.last

    async def add(self, event: Event) -> None:
        self.rows.append(event)

    async def notified(self, highlight: str) -> int | None:
        return max((one.revision for one in self.rows if one.highlight == highlight), default=None)

    async def last_number(self) -> int:
        return self.last

    async def number_of(self, event: str) -> int | None:
        return next((one.number for one in self.rows if one.id == event), None)

    async def page(self, after: int, limit: int) -> Sequence[Event]:
        return [one for one in self.rows if one.number > after][:limit]

    async def close(self) -> None:
        self.rows, self.closed = [], True


class MemoryRecoveries:
    """Recoveries in a dictionary."""

    def __init__(self) -> None:
        self.rows: dict[str, Recovery] = {}

    async def ask(self, recovery: Recovery) -> None:
        known = self.rows.get(recovery.endpoint, recovery)
        self.rows[recovery.endpoint] = replace(recovery, since=min(known.since, recovery.since), after="")

    async def get(self, endpoint: str) -> Recovery | None:
        return self.rows.get(endpoint)

    async def advance(self, endpoint: str, after: str) -> None:
        self.rows[endpoint] = replace(self.rows[endpoint], after=after)

    async def end(self, endpoint: str) -> None:
        self.rows.pop(endpoint, None)


def _holds_back(older: Message, message: Message) -> bool:
    same = message.highlight is not None and older.highlight == message.highlight
    return same and older.id < message.id and older.attempts < ORDERED_ATTEMPTS


class MemoryEnds:
    """Ends in dictionaries."""

    def __init__(self) -> None:
        self.settled_streams: set[str] = set()
        self.completed_streams: dict[str, tuple[int, int]] = {}
        self.over: set[str] = set()
        self.told: set[str] = set()

    async def settled(self, stream: str) -> None:
        self.settled_streams.add(stream)

    async def completed(self, stream: str, *, duration_ms: int, highlights: int) -> None:
        self.completed_streams[stream] = (duration_ms, highlights)

    async def claim(self, stream: str) -> tuple[int, int] | None:
        if stream in self.told | self.over or stream not in self.settled_streams:
            return None
        if found := self.completed_streams.get(stream):
            self.told.add(stream)
        return found

    async def dropped(self, stream: str) -> bool:
        return stream in self.over

    async def drop(self, stream: str) -> None:
        self.over.add(stream)


class Outgoing:
    """Keeps what is asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, timedelta]] = []
        self.recovering: list[str] = []

    async def deliver(self, endpoint: str, delay: timedelta = timedelta()) -> None:
        self.asked.append((endpoint, delay))

    async def recover(self, endpoint: str) -> None:
        self.recovering.append(endpoint)

    async def cancel(self, endpoint: str) -> None:
        self.asked.clear()


class Said:
    """Keeps what is announced."""

    def __init__(self) -> None:
        self.facts: list[tuple[Any, ...]] = []

    def __getattr__(self, fact: str) -> Any:
        async def announce(*about: Any) -> None:
            self.facts.append((fact, *about))

        return announce

    @property
    def kinds(self) -> list[str]:
        return [fact[0] for fact in self.facts]


@dataclass
class Ports:
    """The ports of one organization, over one technology."""

    organization: str
    endpoints: Any = field(default_factory=MemoryEndpoints)
    messages: Any = field(default_factory=MemoryMessages)
    events: Any = field(default_factory=MemoryEvents)
    recoveries: Any = field(default_factory=MemoryRecoveries)
    ends: Any = field(default_factory=MemoryEnds)
    outgoing: Outgoing = field(default_factory=Outgoing)
    announcements: Said = field(default_factory=Said)
    clock: FixedClock = field(default_factory=FixedClock)

    @property
    def send(self) -> SendMessage:
        return SendMessage(self.endpoints, self.messages, self.events, self.outgoing, self.clock)

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Ports"]:
        yield self

    def endpoint(self, **changes: Any) -> Endpoint:
        made = Endpoint(
            id=new_id("whe"),
            organization=self.organization,
            address=Address("sealed-address", "https://example.com/hook"),
            description="",
            types=(),
            enabled=True,
            sealed_secret="sealed",
            created_at=NOW,
        )
        return replace(made, **changes)

    def message(self, endpoint: Endpoint, **changes: Any) -> Message:
        made = Message(new_id("msg"), endpoint.id, "highlight.ready", "str_1", 37, b"{}", NOW, next_attempt_at=NOW)
        return replace(made, **changes)


@pytest.fixture
def highlight() -> Highlight:
    return Highlight(
        id="hl_1",
        stream_id="str_1",
        revision=1,
        state="final",
        start_ms=40_000,
        end_ms=52_500,
        peak_ms=45_500,
        types=("epic_moment",),
        score=0.75,
        confidence=0.875,
        title="Action picks up",
        reason="Action four times as fast.",
    )


@pytest.fixture
def memory(organization: str) -> Ports:
    return Ports(organization)


@pytest_asyncio.fixture(scope="session")
async def database(postgres_admin: str) -> AsyncIterator[Database]:
    """The service's database with nobody at work on it."""
    async with migrated(postgres_admin, DEFINITION) as database:
        yield database


@pytest_asyncio.fixture(params=["memory", "postgres"])
async def ports(request: pytest.FixtureRequest, organization: str, database: Database) -> AsyncIterator[Ports]:
    """The ports over each technology."""
    if request.param == "memory":
        yield Ports(organization)
        return
    async with database.tenant(organization) as transaction:
        yield Ports(
            organization,
            PostgresEndpoints(transaction),
            PostgresMessages(transaction, organization),
            PostgresEvents(transaction, organization),
            PostgresRecoveries(transaction, organization),
            PostgresEnds(transaction, organization),
        )
