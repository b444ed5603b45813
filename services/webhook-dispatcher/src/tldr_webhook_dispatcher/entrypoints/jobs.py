"""Jobs: attempts to deliver."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

from tldr_database import Transaction
from tldr_jobs import ExhaustedJob, RunningJob, Worker
from tldr_service import Clock
from tldr_webhook_dispatcher.adapters.outgoing_jobs import DELIVER
from tldr_webhook_dispatcher.adapters.work_postgres import PostgresWork, WorkFactory
from tldr_webhook_dispatcher.application.deliver_message import DeliverMessage, give_up
from tldr_webhook_dispatcher.domain.message import Attempt, DeliveryState


@dataclass(frozen=True, slots=True)
class JobHandlers:
    """The workers of this service."""

    work: WorkFactory
    deliver_message: DeliverMessage
    clock: Clock
    at_once: int

    def workers(self) -> tuple[Worker, ...]:
        """Who runs which kind of job."""
        return (Worker(DELIVER, self.deliver, self.undeliverable, concurrency=self.at_once),)

    async def deliver(self, job: RunningJob) -> None:
        """One attempt."""
        await self.deliver_message(
            job.payload["message"],
            look=lambda: self._bound(job, job.transaction()),
            finish=lambda: self._bound(job, job.finish()),
        )

    async def undeliverable(self, transaction: Transaction, job: ExhaustedJob) -> None:
        """An attempt that fails here, not at the receiver, again and again: the message is given up, and it is said."""
        work = self.work(transaction, job.organization)
        message = await work.messages.get(job.payload["message"])
        if message and message.state is DeliveryState.PENDING:
            await give_up(work, message, Attempt(self.clock.now(), None, "internal_error", 0))

    @asynccontextmanager
    async def _bound(
        self, job: RunningJob, opened: AbstractAsyncContextManager[Transaction]
    ) -> AsyncIterator[PostgresWork]:
        async with opened as transaction:
            yield self.work(transaction, job.organization)
