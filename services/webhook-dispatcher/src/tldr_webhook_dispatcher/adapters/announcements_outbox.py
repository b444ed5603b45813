"""Announcements over the service's outbox."""

from dataclasses import dataclass

from tldr.common.v1 import common_pb2
from tldr.deliveries.v1 import deliveries_pb2
from tldr_bus import Outbox, Publication
from tldr_contracts.topics import DELIVERIES
from tldr_database import Transaction
from tldr_webhook_dispatcher.domain.endpoint import Endpoint
from tldr_webhook_dispatcher.domain.message import Attempt, Message


@dataclass(frozen=True, slots=True)
class OutboxAnnouncements:
    """Publishes on `tldr.deliveries.v1` in the transaction at hand."""

    outbox: Outbox
    transaction: Transaction
    organization: str

    async def delivered(self, message: Message) -> None:
        """Publish MessageDelivered."""
        fact = deliveries_pb2.MessageDelivered(
            message_id=message.id,
            endpoint_id=message.endpoint,
            type=message.type,
            attempts=message.attempts,
            stream_id=message.stream,
        )
        await self._publish(message, deliveries_pb2.DeliveryEvent(delivered=fact))

    async def abandoned(self, message: Message, attempt: Attempt) -> None:
        """Publish MessageAbandoned."""
        fact = deliveries_pb2.MessageAbandoned(
            message_id=message.id,
            endpoint_id=message.endpoint,
            type=message.type,
            attempts=message.attempts,
            failure=_failure(attempt),
            stream_id=message.stream,
        )
        await self._publish(message, deliveries_pb2.DeliveryEvent(abandoned=fact))

    async def disabled(self, endpoint: Endpoint, message: Message, attempt: Attempt) -> None:
        """Publish EndpointDisabled."""
        fact = deliveries_pb2.EndpointDisabled(endpoint_id=endpoint.id, failure=_failure(attempt))
        await self._publish(message, deliveries_pb2.DeliveryEvent(endpoint_disabled=fact))

    async def _publish(self, message: Message, event: deliveries_pb2.DeliveryEvent) -> None:
        await self.outbox.append(
            self.transaction, Publication(DELIVERIES, event, self.organization, message.id, message.lane)
        )


def _failure(attempt: Attempt) -> common_pb2.Failure:
    if attempt.status is not None:
        return common_pb2.Failure(code="receiver_refused", reason=f"The receiver answered {attempt.status}.")
    return common_pb2.Failure(code=attempt.error or "no_answer", reason="The receiver did not answer.")
