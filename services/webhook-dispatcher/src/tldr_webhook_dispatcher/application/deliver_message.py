"""One attempt to deliver a message."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

from tldr_service import Clock
from tldr_webhook_dispatcher.application.ports import Announcements, Endpoints, Messages, Outgoing, Receiver
from tldr_webhook_dispatcher.domain.message import Attempt, DeliveryState, Message
from tldr_webhook_dispatcher.domain.schedule import Schedule
from tldr_webhook_dispatcher.domain.turns import Turns


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


SOON = timedelta(seconds=0.5)
"""When it is not the turn of an endpoint that answers: its attempts under way are short."""


@dataclass(frozen=True, slots=True)
class DeliverMessage:
    """Send, write down what came of it, and ask for the next attempt. Nothing is held open while it is being sent.

    `patience` is the wait when it is not the turn of an endpoint that fails: about as long as an attempt there lasts.
    """

    receiver: Receiver
    schedule: Schedule
    turns: Turns
    patience: timedelta
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
        if message is None or endpoint is None or message.state is not DeliveryState.PENDING:
            return
        if not endpoint.enabled:
            async with finish() as work:
                await give_up(work, message, Attempt(self.clock.now(), None, "endpoint_disabled", 0))
            return
        with self.turns.taken(endpoint) as taken:
            attempt = await self.receiver.post(endpoint, message, self.clock.now()) if taken else None
        async with finish() as work:
            if attempt is None:
                await work.outgoing.deliver(message, self.patience if endpoint.failing_since else SOON)
            else:
                await self._conclude(work, message, attempt)

    async def _conclude(self, work: Work, message: Message, attempt: Attempt) -> None:
        # Read again, under a lock: other attempts at this endpoint have ended meanwhile, or it was deleted.
        endpoint = await work.endpoints.lock(message.endpoint)
        if endpoint is None:
            return
        tried = replace(message, attempts=message.attempts + 1)
        if attempt.succeeded:
            delivered = replace(tried, state=DeliveryState.DELIVERED, next_attempt_at=None)
            await work.messages.record(message.id, attempt)
            await work.messages.save(delivered)
            if endpoint.failing_since:
                await work.endpoints.save(replace(endpoint, failing_since=None))
            await work.announcements.delivered(delivered)
            return
        failing = replace(endpoint, failing_since=endpoint.failing_since or attempt.at)
        if endpoint.enabled and (attempt.gone or failing.worn_out(attempt.at)):
            failing = replace(failing, enabled=False)
            await work.announcements.disabled(failing, tried, attempt)
        await work.endpoints.save(failing)
        delay = self.schedule.delay_after(tried.attempts) if failing.enabled else None
        if delay is None:
            await give_up(work, tried, attempt)
            return
        await work.messages.record(message.id, attempt)
        await work.messages.save(replace(tried, next_attempt_at=attempt.at + delay))
        await work.outgoing.deliver(tried, delay)


async def give_up(work: Work, message: Message, last: Attempt) -> None:
    """No further attempt; `last` says why."""
    abandoned = replace(message, state=DeliveryState.ABANDONED, next_attempt_at=None)
    await work.messages.record(message.id, last)
    await work.messages.save(abandoned)
    await work.announcements.abandoned(abandoned, last)
