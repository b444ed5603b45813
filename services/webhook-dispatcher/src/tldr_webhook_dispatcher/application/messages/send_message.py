"""Something happened that endpoints want to know."""

from dataclasses import asdict, dataclass

from tldr_contracts.ids import new_id
from tldr_service import Clock
from tldr_webhook_dispatcher.application.ports import Endpoints, Messages, Outgoing
from tldr_webhook_dispatcher.domain.endpoints.endpoint import Endpoint
from tldr_webhook_dispatcher.domain.messages.content import Content
from tldr_webhook_dispatcher.domain.messages.message import Message, body


@dataclass(frozen=True, slots=True)
class SendMessage:
    """Write a message for each endpoint that it is for, and ask for its delivery."""

    endpoints: Endpoints
    messages: Messages
    outgoing: Outgoing
    clock: Clock

    async def __call__(self, content: Content, *, stream: str, lane: int) -> None:
        """To all that it is for, under one id."""
        id = new_id("msg")
        notified = await self.messages.notified(content.highlight) if content.highlight else {}
        for endpoint in await self.endpoints.all():
            said = content.to(endpoint, notified=notified.get(endpoint.id))
            if said:
                await self.to(endpoint, said, stream=stream, lane=lane, id=id)

    async def to(
        self, endpoint: Endpoint, content: Content, *, stream: str, lane: int, id: str | None = None
    ) -> Message:
        """To one, under a fresh id where none is given."""
        now = self.clock.now()
        message = Message(
            id=id or new_id("msg"),
            endpoint=endpoint.id,
            type=content.type,
            stream=stream,
            lane=lane,
            body=body(content.type, now, asdict(content.data)),
            created_at=now,
            highlight=content.highlight,
            revision=content.revision,
            next_attempt_at=now,
        )
        await self.messages.add(message)
        await self.outgoing.deliver(endpoint.id)
        return message
