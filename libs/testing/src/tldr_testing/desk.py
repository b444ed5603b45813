"""A service without a broker: its handlers on its own database, called as the bus calls them."""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar
from uuid import uuid4

from google.protobuf.message import Message

from tldr_bus import Received, Subscription, lock_subjects
from tldr_bus.events.envelope import fact_name
from tldr_contracts.topics import topic_named, topic_of
from tldr_database import Database, Transaction, driver

W = TypeVar("W")
LANE = 5


def received(
    message: Any, organization: str, *, subject: str = "", lane: int = LANE, time: datetime | None = None
) -> Received[Any]:
    """An event as the bus hands it over, about `subject` or the stream that it names."""
    kind = message.WhichOneof("event")
    return Received(
        id=str(uuid4()),
        type=fact_name(message, kind),
        source="/tldr/test",
        time=time or datetime.now(UTC),
        organization=organization,
        subject=subject or getattr(message, kind).stream_id,
        lane=lane,
        traceparent=None,
        message=message,
        topic=topic_of(message).name,
        partition=0,
        offset=0,
    )


async def hand_over(
    transaction: Transaction, subscriptions: Iterable[Subscription[Any]], event: Received[Any], *, dead: bool = False
) -> None:
    """Have an event handled, or given up, under the lock of its subject."""
    (subscription,) = (one for one in subscriptions if one.topic.name == event.topic)
    await lock_subjects(transaction, event.subject)
    if dead:
        await subscription.on_dead(transaction, event, "it could not be handled")
    else:
        await subscription.handle(transaction, event)


@dataclass
class ServiceDesk(Generic[W]):
    """A service's handlers on its database, and the `work` of a transaction for its use cases.

    A service's own desk says what its `subscriptions` are and runs what its jobs run.
    """

    database: Database
    organization: str
    work: Callable[[Transaction, str, int], W]

    def subscriptions(self) -> Iterable[Subscription[Any]]:
        """What the service reads."""
        raise NotImplementedError

    async def tell(self, *messages: Message, dead: bool = False) -> None:
        """Handle events in the order given, each in a transaction of its own."""
        for message in messages:
            async with self.database.tenant(self.organization) as transaction:
                event = received(message, self.organization)
                await hand_over(transaction, self.subscriptions(), event, dead=dead)

    async def bury(self, message: Message) -> None:
        """Give an event up."""
        await self.tell(message, dead=True)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[W]:
        """A transaction's work."""
        async with self.database.tenant(self.organization) as transaction:
            yield self.work(transaction, self.organization, LANE)

    async def published(self, stream: str) -> list[Any]:
        """The facts in the outbox, in order."""
        rows = await self.fetch("SELECT topic, payload, lane FROM outbox WHERE subject = $1 ORDER BY id", stream)
        if any(row["lane"] != LANE for row in rows):
            raise AssertionError("published to another lane")
        events: list[Any] = [topic_named(row["topic"]).message.FromString(row["payload"]) for row in rows]
        return [getattr(event, event.WhichOneof("event")) for event in events]

    async def fetch(self, statement: str, *arguments: object) -> list[Any]:
        """Rows of whatever organization."""
        async with self.database.system() as transaction:
            return list(await (await driver(transaction)).fetch(statement, *arguments))
