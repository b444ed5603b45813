"""Events from the bus: what the mesh reports of streams."""

from dataclasses import dataclass
from typing import Any

from google.protobuf import json_format

from tldr.deliveries.v1.deliveries_pb2 import DeliveryEvent
from tldr.highlights.v1.highlights_pb2 import HighlightEvent, StreamSettled
from tldr.ingestions.v1.ingestions_pb2 import IngestionEvent
from tldr_bus import Received, Subscription
from tldr_contracts.ids import StreamId
from tldr_contracts.topics import DELIVERIES, HIGHLIGHTS, INGESTIONS
from tldr_database import Transaction
from tldr_gateway.adapters.work_postgres import WorkFactory
from tldr_gateway.application.follow_stream import Outcome
from tldr_gateway.domain.stream import Failure


@dataclass(frozen=True, slots=True)
class Events:
    """The handlers of this service."""

    work: WorkFactory

    def subscriptions(self) -> tuple[Subscription[Any], ...]:
        """What this service reads."""
        return (
            Subscription(INGESTIONS, self.on_ingestion, self.on_dead),
            Subscription(HIGHLIGHTS, self.on_highlight, self.on_dead_highlight),
            Subscription(DELIVERIES, self.on_delivery, self.on_dead),
        )

    async def on_ingestion(self, transaction: Transaction, received: Received[IngestionEvent]) -> None:
        """A sign of work."""
        work = self.work(transaction, received.organization)
        stream = StreamId(received.subject)
        if received.kind == "started":
            await work.follow.started(stream, attempt=received.message.started.attempt)
        else:
            await work.follow.moved(stream, received.time)

    async def on_highlight(self, transaction: Transaction, received: Received[HighlightEvent]) -> None:
        """A sign of work, or its end."""
        work = self.work(transaction, received.organization)
        stream = StreamId(received.subject)
        if received.kind == "settled":
            await work.follow.settled(stream, outcome_of(received.message.settled))
        else:
            await work.follow.moved(stream, received.time)

    async def on_delivery(self, transaction: Transaction, received: Received[DeliveryEvent]) -> None:
        """What became of a webhook: an endpoint that was switched off goes into the audit log."""
        if received.kind == "endpoint_disabled":
            disabled = received.message.endpoint_disabled
            await self.work(transaction, received.organization).note(
                "webhook_endpoint.disabled", disabled.endpoint_id, received.time
            )

    async def on_dead(self, transaction: Transaction, received: Received[Any], reason: str) -> None:
        """A sign of work that cannot be read changes nothing; a stream that shows none at all is failed as stalled."""

    async def on_dead_highlight(
        self, transaction: Transaction, received: Received[HighlightEvent], reason: str
    ) -> None:
        """An end that cannot be handled ends the stream as failed: nobody waits for it for ever."""
        if received.kind == "settled":
            failure = Failure("outcome_unreadable", "The outcome could not be stored. Retry the stream.")
            attempt = received.message.settled.attempt
            work = self.work(transaction, received.organization)
            await work.follow.settled(StreamId(received.subject), Outcome(attempt, failure=failure))


def outcome_of(settled: StreamSettled) -> Outcome:
    """What a settled run says, in the application's words."""
    failure = Failure(settled.failure.code, settled.failure.reason) if settled.HasField("failure") else None
    return Outcome(
        attempt=settled.attempt,
        duration_ms=settled.duration_ms,
        highlights=len(settled.ready_ids) + len(settled.failed_ids),
        gaps=tuple(json_format.MessageToDict(gap, preserving_proto_field_name=True) for gap in settled.gaps),
        failure=failure,
    )
