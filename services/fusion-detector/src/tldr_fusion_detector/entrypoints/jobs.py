"""Jobs: streams to advance."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from tldr_contracts.ids import StreamId
from tldr_database import Transaction
from tldr_fusion_detector.adapters.wakeups_jobs import ADVANCE
from tldr_fusion_detector.adapters.work_postgres import PostgresWork, WorkFactory
from tldr_fusion_detector.application.advance_stream import AdvanceStream
from tldr_fusion_detector.application.stream_record import Failure
from tldr_jobs import ExhaustedJob, RunningJob, Worker


@dataclass(frozen=True, slots=True)
class JobHandlers:
    """The workers of this service."""

    work: WorkFactory
    advance_stream: AdvanceStream
    advances_at_once: int

    def workers(self) -> tuple[Worker, ...]:
        """Who runs which kind of job."""
        limit = timedelta(minutes=2)
        return (Worker(ADVANCE, self.advance, self.exhausted, concurrency=self.advances_at_once, limit=limit),)

    async def advance(self, job: RunningJob) -> None:
        """Advance one stream."""
        await self.advance_stream(
            StreamId(job.subject),
            look=lambda: self._bound(job, job.transaction()),
            finish=lambda: self._bound(job, job.finish()),
        )

    async def exhausted(self, transaction: Transaction, job: ExhaustedJob) -> None:
        """A stream that cannot be advanced has a failed run, not an endless one."""
        work = self.work(transaction, job.organization, job.payload["lane"])
        reason = "The highlights could not be detected. Try the stream again; if it fails again, ask the operator."
        await work.fail(StreamId(job.subject), Failure("detection_failed", reason))

    @asynccontextmanager
    async def _bound(
        self, job: RunningJob, opened: AbstractAsyncContextManager[Transaction]
    ) -> AsyncIterator[PostgresWork]:
        async with opened as transaction:
            yield self.work(transaction, job.organization, job.payload["lane"])
