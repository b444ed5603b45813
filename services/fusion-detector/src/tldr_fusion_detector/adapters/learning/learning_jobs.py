"""Learning from verdicts over the service's jobs: one armed job for each organization."""

from dataclasses import dataclass
from datetime import timedelta

from tldr_database import Transaction
from tldr_jobs import Jobs, NewJob

RECALIBRATE = "recalibrate"


@dataclass(frozen=True, slots=True)
class JobLearning:
    """Arms the job in the transaction at hand. After `pace`, so that verdicts given in a row are learned from once."""

    jobs: Jobs
    transaction: Transaction
    organization: str
    lane: int
    pace: timedelta

    async def wake(self) -> None:
        """Arm the organization's job."""
        job = NewJob(
            RECALIBRATE,
            self.organization,
            self.organization,
            {"lane": self.lane},
            key=self.organization,
            delay=self.pace,
        )
        await self.jobs.arm(self.transaction, job)
