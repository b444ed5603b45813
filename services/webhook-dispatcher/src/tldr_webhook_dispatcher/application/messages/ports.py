"""What use cases about messages need besides, in the words of the domain."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from tldr_webhook_dispatcher.domain.messages.event import Event
from tldr_webhook_dispatcher.domain.messages.recovery import Recovery
from tldr_webhook_dispatcher.domain.messages.statistics import Statistics


class Events(Protocol):
    """All that webhooks tell of one organization, in one order."""

    async def next_number(self) -> int | None:
        """The place of the next event; None where the organization is gone.

        Whoever asks next waits until this transaction has ended: an event that becomes visible has no place before one that
        was visible already, and there are no holes.
        """

    async def add(self, event: Event) -> None:
        """Add one at the place that it was given in this transaction."""

    async def notified(self, highlight: str) -> int | None:
        """The latest revision of a highlight that is told of."""

    async def last_number(self) -> int:
        """The place of the last event there ever was; 0 where there was none."""

    async def number_of(self, event: str) -> int | None:
        """The place of an event, by its id."""

    async def page(self, after: int, limit: int) -> Sequence[Event]:
        """Those behind a place that are kept, in order."""

    async def close(self) -> None:
        """Delete all of them, and take no more."""


class DeliveryStatistics(Protocol):
    """How deliveries go."""

    async def since(self, endpoint: str, since: datetime) -> Statistics:
        """Of the messages to an endpoint that were made then or later."""


class Recoveries(Protocol):
    """What is to be delivered after all; an endpoint has one at most."""

    async def ask(self, recovery: Recovery) -> None:
        """Begin one; where one is under way it begins again, from the earlier time of both."""

    async def get(self, endpoint: str) -> Recovery | None:
        """The one of an endpoint."""

    async def advance(self, endpoint: str, after: str) -> None:
        """The messages up to this one are due again."""

    async def end(self, endpoint: str) -> None:
        """Nothing is left to do."""
