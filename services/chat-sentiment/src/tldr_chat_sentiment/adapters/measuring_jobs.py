"""Measuring over the service's jobs."""

from dataclasses import dataclass

from tldr_chat_sentiment.domain.arrivals.chat_stream import ChatStream
from tldr_contracts.ids import StreamId
from tldr_database import Transaction
from tldr_jobs import Jobs, NewJob

MEASURE = "measure-chat"


@dataclass(frozen=True, slots=True)
class JobMeasuring:
    """One job for each stream that has something to be measured, asked for in the transaction at hand."""

    jobs: Jobs
    transaction: Transaction
    organization: str
    lane: int

    async def ask(self, stream: ChatStream) -> None:
        """Wake the stream's job."""
        job = NewJob(
            MEASURE, self.organization, stream.id, {"lane": self.lane}, key=stream.id, priority=stream.priority
        )
        await self.jobs.arm(self.transaction, job)

    async def cancel(self, stream: StreamId) -> None:
        """Take it away."""
        await self.jobs.cancel(self.transaction, stream)
