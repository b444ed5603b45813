"""What the use cases need, in the words of the domain."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from tldr_webhook_dispatcher.domain.endpoints.endpoint import Address, Endpoint, Headers
from tldr_webhook_dispatcher.domain.messages.message import Attempt, Deliveries, Message
from tldr_webhook_dispatcher.domain.messages.recovery import Recovery


class Endpoints(Protocol):
    """The endpoints of one organization."""

    async def take_turn(self, organization: str) -> None:
        """Until the transaction ends nobody else counts and adds endpoints of the organization."""

    async def add(self, endpoint: Endpoint) -> None:
        """Add one."""

    async def get(self, endpoint: str) -> Endpoint | None:
        """One of them."""

    async def lock(self, endpoint: str) -> Endpoint | None:
        """One of them as it is now, locked until the transaction ends."""

    async def all(self) -> Sequence[Endpoint]:
        """All of them, oldest first."""

    async def save(self, endpoint: Endpoint) -> None:
        """Write one that is locked, as it is to be."""

    async def delete(self, endpoint: str) -> bool:
        """Delete one with its messages; whether there was one."""


class Messages(Protocol):
    """The messages of one organization."""

    async def add(self, message: Message) -> None:
        """Add one."""

    async def get(self, endpoint: str, message: str) -> Message | None:
        """A message to an endpoint."""

    async def due(self, endpoint: str, now: datetime) -> Message | None:
        """The message to an endpoint that has been due for longest, if one is.

        What is about one highlight goes in order: none is due before those older than it are delivered, abandoned, or
        have failed `ORDERED_ATTEMPTS` times.
        """

    async def next_due(self, endpoint: str) -> datetime | None:
        """When the next message to an endpoint is due, if any waits."""

    async def notified(self, highlight: str) -> Mapping[str, int]:
        """The endpoints that a message about this highlight was made for, and the latest revision they were told of."""

    async def save(self, message: Message) -> None:
        """Write what became of it."""

    async def record(self, message: Message, attempt: Attempt) -> None:
        """Append to its delivery log."""

    async def page(
        self, endpoint: str, wanted: Deliveries, *, before: str | None, limit: int
    ) -> Sequence[tuple[Message, Sequence[Attempt]]]:
        """Messages to an endpoint with their attempts, newest first, those before an id."""

    async def log(self, message: Message) -> Sequence[Attempt]:
        """Its attempts, oldest first."""

    async def abandoned(self, recovery: Recovery) -> int:
        """How many messages a recovery is about."""

    async def revive(self, recovery: Recovery, limit: int) -> Sequence[str]:
        """Make the first messages that a recovery is about, and has not done yet, due since it was asked for, with all attempts
        before them. What they are kept under, in order.
        """


class Ends(Protocol):
    """Which streams have ended, by whose word."""

    async def settled(self, stream: str) -> None:
        """Each highlight of a run that completed is ready or failed."""

    async def completed(self, stream: str, *, duration_ms: int, highlights: int) -> None:
        """The gateway completed the stream."""

    async def claim(self, stream: str) -> tuple[int, int] | None:
        """Duration and number of highlights, once, when both words are known; None otherwise."""

    async def dropped(self, stream: str) -> bool:
        """Whether the stream was cancelled or deleted."""

    async def drop(self, stream: str) -> None:
        """No further message about it or its highlights."""


class Outgoing(Protocol):
    """Work to be done later."""

    async def deliver(self, endpoint: str, delay: timedelta = timedelta()) -> None:
        """Ask that what is due to an endpoint is delivered; many wishes are answered by one run."""

    async def recover(self, endpoint: str) -> None:
        """Ask that the endpoint's recovery is done; many wishes are answered by one run."""

    async def cancel(self, endpoint: str) -> None:
        """Take back what was asked for an endpoint."""


class Receiver(Protocol):
    """Whoever stands behind an endpoint's address."""

    async def post(self, endpoint: Endpoint, message: Message, at: datetime) -> Attempt:
        """Send the message, signed for this time. Never raises: what goes wrong is in the attempt."""


class Announcements(Protocol):
    """What other services are told."""

    async def delivered(self, message: Message) -> None:
        """A receiver took a message."""

    async def abandoned(self, message: Message, attempt: Attempt) -> None:
        """Every attempt failed."""

    async def disabled(self, endpoint: Endpoint, message: Message, attempt: Attempt) -> None:
        """An endpoint was switched off."""


class Secrets(Protocol):
    """What is sealed at rest: signing secrets, and addresses, which may hold a token."""

    def new(self) -> str:
        """A fresh signing secret, in the form `whsec_…`."""

    def seal(self, secret: str) -> str:
        """Encrypted."""

    def address(self, url: str) -> Address:
        """The address as it is kept."""

    def headers(self, values: Mapping[str, str]) -> Headers:
        """A customer's headers as they are kept."""

    def open_headers(self, headers: Headers) -> Mapping[str, str]:
        """A customer's headers, decrypted; ValueError where none of the keys fits."""

    def open(self, sealed: str) -> str:
        """Decrypted; ValueError where none of the keys fits."""
