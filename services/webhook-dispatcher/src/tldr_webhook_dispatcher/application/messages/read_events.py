"""A receiver reads what it was told, or would have been told, in order, and so finds what it has missed."""

from collections.abc import Sequence
from dataclasses import dataclass

from tldr_webhook_dispatcher.application.messages.errors import event_not_found, events_forgotten
from tldr_webhook_dispatcher.application.messages.ports import Events
from tldr_webhook_dispatcher.domain.messages.event import Event


@dataclass(frozen=True, slots=True)
class Read:
    """Events in order, the place behind which the next ones are, and whether there are some."""

    events: Sequence[Event]
    after: int
    more: bool


@dataclass(frozen=True, slots=True)
class ReadEvents:
    """Read the events behind a place, from the oldest that is kept where none is given."""

    events: Events

    async def __call__(self, after: int | None, limit: int) -> Read:
        """Problem 410 where some of those behind the place are kept no more: numbers have no holes."""
        last = await self.events.last_number()  # before the page: what becomes visible in between is read the next time
        found = await self.events.page(after or 0, limit + 1)
        if after is not None and (found[0].number if found else last + 1) > after + 1:
            raise events_forgotten()
        shown = found[:limit]
        return Read(shown, shown[-1].number if shown else max(last, after or 0), len(found) > limit)

    async def place_of(self, event: str) -> int:
        """Where an event is that a receiver was told of; Problem 404 where it is not kept."""
        number = await self.events.number_of(event)
        if number is None:
            raise event_not_found()
        return number
