"""Jobs: deliveries to endpoints, and what is delivered after all."""

from dataclasses import dataclass

from tldr_database import Transaction
from tldr_jobs import ExhaustedJob, RunningJob, Worker
from tldr_service import Clock
from tldr_streams.transactions import Transactions
from tldr_webhook_dispatcher.adapters.messages.outgoing_jobs import DELIVER, DELIVER_ONE, RECOVER
from tldr_webhook_dispatcher.adapters.work_postgres import PostgresWork, WorkFactory
from tldr_webhook_dispatcher.application.messages.deliver_messages import PAUSE, DeliverMessages
from tldr_webhook_dispatcher.application.messages.recover_messages import RecoverMessages
from tldr_webhook_dispatcher.domain.messages.message import Attempt


@dataclass(frozen=True, slots=True)
class JobHandlers:
    """The workers of this service."""

    work: WorkFactory
    deliver_messages: DeliverMessages
    clock: Clock
    at_once: int

    def workers(self) -> tuple[Worker, ...]:
        """Who runs which kind of job."""
        return (
            Worker(DELIVER, self.deliver, self.undeliverable, concurrency=self.at_once),
            Worker(RECOVER, self.recover, self.unrecoverable),
            Worker(DELIVER_ONE, self.deliver_one, self.undeliverable),
        )

    async def deliver(self, job: RunningJob) -> None:
        """What is due to an endpoint."""
        await self.deliver_messages(job.subject, self._transactions(job))

    async def deliver_one(self, job: RunningJob) -> None:
        """A job of a version before: its message is due, and the endpoint's own job takes it."""
        async with self._transactions(job).finish() as work:
            await self.deliver_messages.ask_again(work, job.subject)

    async def recover(self, job: RunningJob) -> None:
        """What was not delivered to an endpoint is due again."""
        await RecoverMessages()(job.payload["endpoint"], self._transactions(job))

    async def unrecoverable(self, transaction: Transaction, job: ExhaustedJob) -> None:
        """What is not due yet stays abandoned, until it is asked for again."""
        await self.work(transaction, job.organization).recoveries.end(job.payload["endpoint"])

    async def undeliverable(self, transaction: Transaction, job: ExhaustedJob) -> None:
        """An attempt that fails here, not at the receiver, is one of the message's attempts, and the others go on."""
        work, now = self.work(transaction, job.organization), self.clock.now()
        message = await work.messages.due(job.subject, now)
        if message is not None:
            await self.deliver_messages.conclude(work, message, Attempt(now, None, "internal_error", 0))
        await self.deliver_messages.ask_again(work, job.subject, PAUSE)

    def _transactions(self, job: RunningJob) -> Transactions[PostgresWork]:
        return Transactions.over(job, lambda transaction: self.work(transaction, job.organization))
