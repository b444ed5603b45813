"""Deliveries over the service's jobs."""

from dataclasses import dataclass
from datetime import timedelta

from tldr_database import Transaction
from tldr_jobs import Jobs, NewJob

DELIVER = "deliver-to-endpoint"
RECOVER = "recover-endpoint"
DELIVER_ONE = "deliver-message"
"""What a version before asked for: a job for each attempt."""


@dataclass(frozen=True, slots=True)
class JobOutgoing:
    """Asks for deliveries in the transaction at hand: one job for each endpoint, however many messages are due."""

    jobs: Jobs
    transaction: Transaction
    organization: str

    async def deliver(self, endpoint: str, delay: timedelta = timedelta()) -> None:
        """Wake the endpoint's job; the earlier of two wishes counts."""
        job = NewJob(DELIVER, self.organization, endpoint, {}, key=endpoint, delay=delay)
        await self.jobs.arm(self.transaction, job)

    async def recover(self, endpoint: str) -> None:
        """Wake the endpoint's recovery. The job is about itself: where an endpoint is deleted it is not waited for, and finds
        nothing to do.
        """
        key = f"{endpoint}:recover"
        await self.jobs.arm(self.transaction, NewJob(RECOVER, self.organization, key, {"endpoint": endpoint}, key=key))

    async def cancel(self, endpoint: str) -> None:
        """The endpoint is the subject of its deliveries."""
        await self.jobs.cancel(self.transaction, endpoint)
