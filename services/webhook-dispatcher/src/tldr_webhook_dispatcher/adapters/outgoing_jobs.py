"""Deliveries over the service's jobs."""

from dataclasses import dataclass
from datetime import timedelta

from tldr_database import Transaction
from tldr_jobs import Jobs, NewJob
from tldr_webhook_dispatcher.domain.message import Message

DELIVER = "deliver-message"


@dataclass(frozen=True, slots=True)
class JobOutgoing:
    """Asks for attempts in the transaction at hand."""

    jobs: Jobs
    transaction: Transaction
    organization: str

    async def deliver(self, message: Message, delay: timedelta = timedelta()) -> None:
        """One job for each attempt."""
        await self.jobs.enqueue(
            self.transaction,
            NewJob(DELIVER, self.organization, message.endpoint, {"message": message.id}, key=message.id, delay=delay),
        )

    async def drop(self, endpoint: str) -> None:
        """The endpoint is the subject of its jobs."""
        await self.jobs.cancel(self.transaction, endpoint)
