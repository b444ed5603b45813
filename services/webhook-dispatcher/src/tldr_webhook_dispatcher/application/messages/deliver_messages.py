"""Deliver what is due to an endpoint, in order."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

from tldr_service import Clock
from tldr_streams.transactions import Transactions
from tldr_webhook_dispatcher.application.ports import Announcements, Endpoints, Messages, Outgoing, Receiver
from tldr_webhook_dispatcher.domain.endpoints.endpoint import Endpoint
from tldr_webhook_dispatcher.domain.messages.message import Attempt, DeliveryState, Message
from tldr_webhook_dispatcher.domain.messages.schedule import Schedule
from tldr_webhook_dispatcher.domain.messages.shares import Shares


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


PAUSE = timedelta(seconds=0.5)
"""After a failed attempt, and where the organization has no share left: a dead endpoint is tried twice a second at most."""
_IN_A_ROW = 50
"""Messages delivered before other endpoints have their chance."""


@dataclass(frozen=True, slots=True)
class DeliverMessages:
    """Send what is due to one endpoint, one message after the other, and ask to be called when the next one is due.

    The caller sees to it that one runs at a time for an endpoint. Nothing is held open while a message is being sent. A
    message that fails waits by its schedule and holds up none behind it.
    """

    receiver: Receiver
    schedule: Schedule
    shares: Shares
    clock: Clock

    async def __call__(self, wanted: str, transactions: Transactions[Work]) -> None:
        """Deliver to one endpoint."""
        wait = timedelta()
        for _ in range(_IN_A_ROW):
            async with transactions.look() as work:
                endpoint = await work.endpoints.get(wanted)
                sends = endpoint is not None and not endpoint.paused
                message = await work.messages.due(wanted, self.clock.now()) if sends else None
            if endpoint is None or message is None:
                break
            with self.shares.taken(endpoint.organization) as taken:
                attempt = await self._attempt(endpoint, message) if taken else None
            if attempt is not None:
                async with transactions.progress() as work:
                    await self.conclude(work, message, attempt)
            if attempt is None or (not attempt.succeeded and endpoint.enabled):
                wait = PAUSE
                break
        async with transactions.finish() as work:
            await self.ask_again(work, wanted, wait)

    async def ask_again(self, work: Work, wanted: str, wait: timedelta = timedelta()) -> None:
        """Ask for the next message, when it is due and not before `wait`. Whoever lets a paused endpoint go on asks anew."""
        endpoint = await work.endpoints.get(wanted)
        next_at = await work.messages.next_due(wanted) if endpoint and not endpoint.paused else None
        if next_at is not None:
            await work.outgoing.deliver(wanted, max(wait, next_at - self.clock.now()))

    async def _attempt(self, endpoint: Endpoint, message: Message) -> Attempt:
        if endpoint.enabled:
            return await self.receiver.post(endpoint, message, self.clock.now())
        return Attempt(self.clock.now(), None, "endpoint_disabled", 0)

    async def conclude(self, work: Work, message: Message, attempt: Attempt) -> None:
        """Write down what came of an attempt, and when the next one is due."""
        # Read again, under a lock: the endpoint may have been changed or deleted meanwhile.
        endpoint = await work.endpoints.lock(message.endpoint)
        if endpoint is None:
            return
        if attempt.error == "endpoint_disabled":
            await _give_up(work, message, attempt)
            return
        tried = replace(message, attempts=message.attempts + 1)
        if attempt.succeeded:
            delivered = replace(tried, state=DeliveryState.DELIVERED, next_attempt_at=None)
            await work.messages.record(message, attempt)
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
            await _give_up(work, tried, attempt)
            return
        await work.messages.record(message, attempt)
        await work.messages.save(replace(tried, next_attempt_at=attempt.at + delay))


async def _give_up(work: Work, message: Message, last: Attempt) -> None:
    """No further attempt; `last` says why."""
    abandoned = replace(message, state=DeliveryState.ABANDONED, next_attempt_at=None)
    await work.messages.record(message, last)
    await work.messages.save(abandoned)
    await work.announcements.abandoned(abandoned, last)
