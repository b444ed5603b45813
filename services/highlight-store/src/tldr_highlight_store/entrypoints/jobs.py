"""Jobs: clips to cut, streams to purge."""

from dataclasses import dataclass
from datetime import timedelta

from tldr_contracts.ids import HighlightId
from tldr_database import Transaction
from tldr_highlight_store.adapters.clips.queue_jobs import CUT, PURGE
from tldr_highlight_store.adapters.work_postgres import WorkFactory
from tldr_highlight_store.application.clips.cut_highlight import CutHighlight, conclude
from tldr_jobs import ExhaustedJob, RunningJob, Worker
from tldr_storage import ObjectStore, bucket_of
from tldr_streams.transactions import Transactions
from tldr_streams.values import Failure


@dataclass(frozen=True, slots=True)
class JobHandlers:
    """The workers of this service."""

    work: WorkFactory
    cut_highlight: CutHighlight
    objects: ObjectStore
    cuts_at_once: int
    cut_limit: timedelta

    def workers(self) -> tuple[Worker, ...]:
        """Who runs which kind of job."""
        return (
            Worker(CUT, self.cut, self.cut_failed, concurrency=self.cuts_at_once, limit=self.cut_limit),
            Worker(PURGE, self.purge, self.purge_failed, attempts=20),
        )

    async def cut(self, job: RunningJob) -> None:
        """Cut one clip."""
        await self.cut_highlight(
            HighlightId(job.payload["highlight"]),
            Transactions.of(job, self.work),
            revision=job.payload["revision"],
            token=job.token,
        )

    async def cut_failed(self, transaction: Transaction, job: ExhaustedJob) -> None:
        """A clip that could not be cut in all its attempts is a failed one, with the reason."""
        work = self.work(transaction, job.organization, job.payload["lane"])
        highlight = await work.highlights.get(HighlightId(job.payload["highlight"]))
        seen = highlight.to_cut(job.payload["revision"]) if highlight else None
        if seen:
            reason = "The clip could not be cut. The moment stands; its times and reasons are right."
            await conclude(work, seen, Failure(job.code or "cut_failed", reason))

    async def purge(self, job: RunningJob) -> None:
        """Delete all objects of a stream, or those of it whose names begin so."""
        below = f"streams/{job.payload['stream']}/{job.payload.get('below', '')}"
        await self.objects.delete(bucket_of(job.organization), below)

    async def purge_failed(self, transaction: Transaction, job: ExhaustedJob) -> None:
        """Nothing is told: the retention of the bucket is what is left."""
