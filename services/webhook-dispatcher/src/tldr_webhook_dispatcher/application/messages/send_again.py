"""A customer has a message sent again that was delivered, or given up."""

from dataclasses import dataclass, replace

from tldr_service import Clock
from tldr_webhook_dispatcher.application.endpoints.errors import require_sending
from tldr_webhook_dispatcher.application.messages.errors import message_not_found, message_pending
from tldr_webhook_dispatcher.application.ports import Endpoints, Messages, Outgoing
from tldr_webhook_dispatcher.domain.messages.message import DeliveryState, Message


@dataclass(frozen=True, slots=True)
class SendAgain:
    """Have a message due at once, with all attempts of the schedule before it. Its log goes on."""

    endpoints: Endpoints
    messages: Messages
    outgoing: Outgoing
    clock: Clock

    async def __call__(self, wanted: str, message: str) -> Message:
        """The message as it is then; Problem 409 where nothing is sent to the endpoint, or the message is on its way."""
        # First the jobs, then the endpoint: in the order in which an attempt that ends locks them.
        await self.outgoing.deliver(wanted)
        require_sending(await self.endpoints.lock(wanted))
        found = await self.messages.get(wanted, message)
        if found is None:
            raise message_not_found()
        if found.state is DeliveryState.PENDING:
            raise message_pending()
        again = replace(found, state=DeliveryState.PENDING, attempts=0, next_attempt_at=self.clock.now())
        await self.messages.save(again)
        return again
