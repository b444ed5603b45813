"""Events from the bus: each becomes one use case in the transaction of its handler."""

from dataclasses import dataclass
from typing import Any

from tldr.streams.v1.streams_pb2 import StreamEvent
from tldr_bus import Received, Subscription, unknown_fact
from tldr_contracts.ids import StreamId
from tldr_contracts.topics import STREAMS
from tldr_database import Transaction
from tldr_ingest.adapters.requests_protobuf import request_of
from tldr_ingest.adapters.work_postgres import WorkFactory
from tldr_ingest.application.follow_stream import FollowStream
from tldr_ingest.application.give_up_reading import GiveUpReading


@dataclass(frozen=True, slots=True)
class Events:
    """The handlers of this service."""

    work: WorkFactory

    def subscriptions(self) -> tuple[Subscription[Any], ...]:
        """What this service reads."""
        return (Subscription(STREAMS, self.on_stream, self.on_dead),)

    async def on_stream(self, transaction: Transaction, received: Received[StreamEvent]) -> None:
        """What the gateway decided."""
        follow = FollowStream(self.work(transaction, received.organization, received.lane))
        stream, event = StreamId(received.subject), received.message
        match received.kind:
            case "requested":
                await follow.requested(stream, max(event.requested.attempt, 1), request_of(event.requested))
            case "retried":
                await follow.retried(stream, event.retried.attempt)
            case "stopped":
                await follow.stopped(stream)
            case "failed":
                await follow.failed(stream, max(event.failed.attempt, 1))
            case "completed":
                await follow.completed(stream)
            case "cancelled":
                await follow.cancelled(stream)
            case "deleted":
                await follow.deleted(stream)
            case "started" | "rescore_requested":
                pass  # a rescore needs no source; the start is our own doing
            case _:
                unknown_fact(received)

    async def on_dead(self, transaction: Transaction, received: Received[StreamEvent], reason: str) -> None:
        """A decision that cannot be handled: an attempt that was to begin ends at once, since nobody else would end it."""
        work = self.work(transaction, received.organization, received.lane)
        stream, event = StreamId(received.subject), received.message
        match received.kind:
            case "requested":
                await FollowStream(work).requested(stream, max(event.requested.attempt, 1), None)
            case "retried":
                await GiveUpReading(work).attempt(stream, event.retried.attempt)
