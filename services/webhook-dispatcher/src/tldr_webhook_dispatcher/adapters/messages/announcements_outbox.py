"""Announcements over the service's outbox."""

from dataclasses import dataclass

from tldr.common.v1 import common_pb2
from tldr.deliveries.v1 import deliveries_pb2
from tldr_bus import Outbox, Publication
from tldr_contracts.topics import DELIVERIES
from tldr_database import Transaction
from tldr_webhook_dispatcher.domain.endpoints.endpoint import Endpoint
from tldr_webhook_dispatcher.domain.messages.message import Attempt, Message

_REASONS = {
    "address_refused": "The endpoint's address leads to where webhooks are never sent.",
    "endpoint_disabled": "The endpoint is switched off.",
    "internal_error": "The message could not be sent from here.",
    "redirected": "The receiver answered with a redirect, which is not followed. Set the address it moved to.",
    "secret_unreadable": "The endpoint's address and secret could not be opened. Delete the endpoint and add it anew.",
}


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
        await self._publish(message, deliveries_pb2.DeliveryEvent(delivered=fact), last=True)

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
        await self._publish(message, deliveries_pb2.DeliveryEvent(abandoned=fact), last=True)

    async def disabled(self, endpoint: Endpoint, message: Message, attempt: Attempt) -> None:
        """Publish EndpointDisabled."""
        fact = deliveries_pb2.EndpointDisabled(endpoint_id=endpoint.id, failure=_failure(attempt))
        await self._publish(message, deliveries_pb2.DeliveryEvent(endpoint_disabled=fact))

    async def _publish(self, message: Message, event: deliveries_pb2.DeliveryEvent, *, last: bool = False) -> None:
        await self.outbox.append(
            self.transaction, Publication(DELIVERIES, event, self.organization, message.key, message.lane)
        )
        if last:
            await self.outbox.close(self.transaction, message.key)


def _failure(attempt: Attempt) -> common_pb2.Failure:
    if attempt.status is not None and attempt.error is None:
        return common_pb2.Failure(code="receiver_refused", reason=f"The receiver answered {attempt.status}.")
    code = attempt.error or "no_answer"
    return common_pb2.Failure(code=code, reason=_REASONS.get(code, "The receiver did not answer."))
