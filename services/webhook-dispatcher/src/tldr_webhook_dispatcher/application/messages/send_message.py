"""Something happened that endpoints want to know."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from tldr_contracts.ids import new_id
from tldr_service import Clock
from tldr_webhook_dispatcher.application.messages.ports import Events
from tldr_webhook_dispatcher.application.ports import Endpoints, Messages, Outgoing
from tldr_webhook_dispatcher.domain.endpoints.endpoint import Endpoint
from tldr_webhook_dispatcher.domain.messages.content import Content
from tldr_webhook_dispatcher.domain.messages.event import Event
from tldr_webhook_dispatcher.domain.messages.message import Message, body


@dataclass(frozen=True, slots=True)
class SendMessage:
    """Write an event, and a message for each endpoint that it is for, and ask for its delivery."""

    endpoints: Endpoints
    messages: Messages
    events: Events
    outgoing: Outgoing
    clock: Clock

    async def __call__(self, content: Content, *, stream: str, lane: int) -> None:
        """To all that it is for, under one id and with the same bytes."""
        notified = await self.messages.notified(content.highlight) if content.highlight else {}
        event = content.to_all(notified=await self._told(content, notified))
        # The place first: whoever has a later one waits, and makes its id and its time after these.
        number = await self.events.next_number() if event else None
        id, now = new_id("msg"), self.clock.now()
        if event is not None and number is not None:
            sent = body(event.type, now, asdict(event.data))
            await self.events.add(Event(id, number, event.type, sent, now, event.highlight, event.revision))
        for endpoint in await self.endpoints.all():
            said = content.to(endpoint, notified=notified.get(endpoint.id))
            if said:
                await self._add(endpoint, said, id, now, stream=stream, lane=lane)

    async def to(self, endpoint: Endpoint, content: Content, *, stream: str, lane: int) -> Message:
        """To one alone; it is no event."""
        return await self._add(endpoint, content, new_id("msg"), self.clock.now(), stream=stream, lane=lane)

    async def _told(self, content: Content, notified: Mapping[str, int]) -> int | None:
        """The latest revision of a highlight that anybody could know."""
        if content.highlight is None:
            return None
        known = await self.events.notified(content.highlight)
        return max((*notified.values(), *(() if known is None else (known,))), default=None)

    async def _add(
        self, endpoint: Endpoint, content: Content, id: str, now: datetime, *, stream: str, lane: int
    ) -> Message:
        message = Message(
            id=id,
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
