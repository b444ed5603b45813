"""One attempt to deliver a message."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from typing import Protocol

from tldr_service import Clock
from tldr_webhook_dispatcher.application.ports import Announcements, Endpoints, Messages, Outgoing, Receiver
from tldr_webhook_dispatcher.domain.endpoint import Endpoint
from tldr_webhook_dispatcher.domain.message import Attempt, DeliveryState, Message, delay_after


class Work(Protocol):
    """The repositories of one transaction."""

    @property
    def endpoints(self) -> Endpoints:
        """The organization's endpoints."""

    @property
    def messages(self) -> Messages:
        """Its messages."""

    @property
    def outgoing(self) -> Outgoing:
        """Further attempts."""

    @property
    def announcements(self) -> Announcements:
        """What others are told."""


@dataclass(frozen=True, slots=True)
class DeliverMessage:
    """Send, write down what came of it, and ask for the next attempt. Nothing is held open while it is being sent."""

    receiver: Receiver
    clock: Clock

    async def __call__(
        self,
        wanted: str,
        *,
        look: Callable[[], AbstractAsyncContextManager[Work]],
        finish: Callable[[], AbstractAsyncContextManager[Work]],
    ) -> None:
        """`look` opens a transaction to read in, `finish` one that also ends the job."""
        async with look() as work:
            message = await work.messages.get(wanted)
            endpoint = await work.endpoints.get(message.endpoint) if message else None
        if message is None or endpoint is None or message.state is not DeliveryState.PENDING or not endpoint.enabled:
            return
        attempt = await self.receiver.post(endpoint, message, self.clock.now())
        async with finish() as work:
            await self._conclude(work, endpoint, message, attempt)

    async def _conclude(self, work: Work, endpoint: Endpoint, message: Message, attempt: Attempt) -> None:
        tried = replace(message, attempts=message.attempts + 1)
        await work.messages.record(message.id, attempt)
        if attempt.succeeded:
            delivered = replace(tried, state=DeliveryState.DELIVERED, next_attempt_at=None)
            await work.messages.save(delivered)
            if endpoint.failing_since:
                await work.endpoints.save(replace(endpoint, failing_since=None))
            await work.announcements.delivered(delivered)
            return
        failing = replace(endpoint, failing_since=endpoint.failing_since or attempt.at)
        delay = delay_after(tried.attempts)
        if attempt.gone or failing.worn_out(attempt.at):
            await work.endpoints.save(replace(failing, enabled=False))
            await work.announcements.disabled(failing, tried, attempt)
            delay = None
        else:
            await work.endpoints.save(failing)
        if delay is None:
            await work.messages.save(replace(tried, state=DeliveryState.ABANDONED, next_attempt_at=None))
            await work.announcements.abandoned(tried, attempt)
        else:
            await work.messages.save(replace(tried, next_attempt_at=attempt.at + delay))
            await work.outgoing.deliver(tried, delay)
