"""Something happened that endpoints want to know."""

from dataclasses import dataclass
from typing import Any

from tldr_contracts.ids import new_id
from tldr_service import Clock
from tldr_webhook_dispatcher.application.ports import Endpoints, Messages, Outgoing
from tldr_webhook_dispatcher.domain.endpoint import Endpoint
from tldr_webhook_dispatcher.domain.message import Message, body


@dataclass(frozen=True, slots=True)
class SendMessage:
    """Write a message for each endpoint that takes its type, and ask for its delivery."""

    endpoints: Endpoints
    messages: Messages
    outgoing: Outgoing
    clock: Clock

    async def __call__(self, kind: str, data: dict[str, Any], *, stream: str, lane: int) -> None:
        """To all that take it."""
        for endpoint in await self.endpoints.all():
            if endpoint.takes(kind):
                await self.to(endpoint, kind, data, stream=stream, lane=lane)

    async def to(self, endpoint: Endpoint, kind: str, data: dict[str, Any], *, stream: str, lane: int) -> Message:
        """To one."""
        now = self.clock.now()
        message = Message(
            new_id("msg"), endpoint.id, kind, stream, lane, body(kind, now, data), now, next_attempt_at=now
        )
        await self.messages.add(message)
        await self.outgoing.deliver(endpoint.id)
        return message
