"""Jobs: chat to be measured."""

from dataclasses import dataclass

from tldr_chat_sentiment.adapters.measuring_jobs import MEASURE
from tldr_chat_sentiment.adapters.work_postgres import WorkFactory
from tldr_chat_sentiment.application.give_up_chat import GiveUpChat
from tldr_chat_sentiment.application.measure_chat import MeasureChat
from tldr_contracts.ids import StreamId
from tldr_database import Transaction
from tldr_jobs import ExhaustedJob, RunningJob, Worker
from tldr_streams.transactions import Transactions

_ATTEMPTS = 10
"""With the delays between them some four minutes: an object store may be away for so long before a window is given up."""


@dataclass(frozen=True, slots=True)
class JobHandlers:
    """The workers of this service."""

    work: WorkFactory
    measure_chat: MeasureChat
    streams_at_once: int
    arrivals_at_once: int

    def workers(self) -> tuple[Worker, ...]:
        """Who runs which kind of job."""
        return (Worker(MEASURE, self.measure, self.give_up, concurrency=self.streams_at_once, attempts=_ATTEMPTS),)

    async def measure(self, job: RunningJob) -> None:
        """Measure what is there of one stream. After a failure one window at a time, so that only a bad one is given up."""
        await self.measure_chat(
            StreamId(job.subject),
            Transactions.of(job, self.work),
            at_once=lambda: self.arrivals_at_once if job.attempt == 1 else 1,
        )

    async def give_up(self, transaction: Transaction, job: ExhaustedJob) -> None:
        """The window at the head is a gap."""
        await GiveUpChat(self.work(transaction, job.organization, job.payload["lane"]))(StreamId(job.subject))
