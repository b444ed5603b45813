"""What travels: a publication on its way out, a received event on its way in."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from google.protobuf.message import Message

from tldr_contracts.topics import Topic
from tldr_database import Transaction

M = TypeVar("M", bound=Message)


@dataclass(frozen=True, slots=True)
class Publication:
    """A fact to publish. `message` is the topic's wrapper; the fact set in its `oneof event` gives the event's type.

    `subject` is what it is about (a stream, else the organization or a message): facts of one subject stay in order.
    `lane` is the stream's; leave it out for facts without a stream, which travel in a lane made from the organization.
    """

    topic: Topic
    message: Message
    organization: str
    subject: str
    lane: int | None = None


@dataclass(frozen=True, slots=True)
class Received(Generic[M]):
    """An event as a handler sees it. `fact` is the message inside the wrapper's oneof, `kind` its field name there."""

    id: str
    type: str
    source: str
    time: datetime
    organization: str
    subject: str
    lane: int
    traceparent: str | None
    message: M
    topic: str
    partition: int
    offset: int

    @property
    def kind(self) -> str:
        """The name of the fact's field in the wrapper's oneof, for example `requested`."""
        return self.message.WhichOneof("event") or ""

    @property
    def fact(self) -> Message:
        """The fact itself."""
        fact: Message = getattr(self.message, self.kind)
        return fact


Handler = Callable[[Transaction, Received[M]], Awaitable[None]]
"""Runs inside the transaction that also writes the inbox row, bound to the event's organization.

It is quick (milliseconds; 10 s at the most, then it has failed): it appends state, arms jobs, appends publications. It may
run again after a rollback, so it has no effect outside the transaction. It neither commits nor rolls back; other events may
share the transaction. What it raises is an attempt that failed, except trouble with the database, which is waited out.

Promised: one committed run for each `ce_id`. Events of one subject come in the order they were published, one at a time over
all topics and replicas of the service, since the subject's lock is held. Not promised: an order between the topics.
"""

OnDead = Callable[[Transaction, Received[M], str], Awaitable[None]]
"""Called in the transaction that gives a record up, with the reason: publish the record's range as a gap.

Bound by the same rules as a handler. When it raises, the record is not given up yet: both are tried again, later. It is not
called for a record that cannot be decoded (it tells no range); such a record is a dead letter at once.
"""


HandleTogether = Callable[[Transaction, Sequence[Received[M]]], Awaitable[None]]
"""Handles several events of one organization in one go, in their order: the same effects as `handle` on each of them, in
fewer statements. Bound by the same rules. When it raises, none had its effect, and each goes to `handle` alone; so do parked
events. What it publishes continues no trace, unless it says whose with `following`.
"""


@dataclass(frozen=True, slots=True)
class Subscription(Generic[M]):
    """A service's reading of one topic. The consumer group is `<service>.<topic>`."""

    topic: Topic
    handle: Handler[M]
    on_dead: OnDead[M]
    handle_together: HandleTogether[M] | None = None
    also_locks: Callable[[Received[M]], str] | None = None
    """What is locked besides the subject, for all events of a transaction before any is handled: by a name for each row that
    events of several subjects change. Without it two transactions of events of several organizations may lock such rows in
    opposite orders.
    """
