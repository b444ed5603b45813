"""The clip queue over the service's jobs."""

from dataclasses import dataclass, replace
from datetime import timedelta

from tldr_contracts.ids import StreamId
from tldr_database import Transaction
from tldr_highlight_store.domain.highlights.highlight import Highlight
from tldr_jobs import Jobs, NewJob

CUT = "cut-clip"
PURGE = "purge-stream"
# Whoever was writing an object of a stream when it was deleted has ended by then.
_WORK_IN_HAND = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class JobClipQueue:
    """Asks for clips in the transaction at hand."""

    jobs: Jobs
    transaction: Transaction
    organization: str
    lane: int

    async def cut(self, highlight: Highlight, *, priority: int) -> None:
        """One job for each highlight and revision."""
        payload = {"highlight": highlight.id, "revision": highlight.revision, "lane": self.lane}
        await self.jobs.enqueue(
            self.transaction,
            NewJob(CUT, self.organization, highlight.stream, payload, key=highlight.id, priority=priority),
        )

    async def discard(self, highlight: Highlight) -> None:
        """As `purge`, of one highlight."""
        job = self._below(highlight.stream, f"highlights/{highlight.id}/")
        await self.jobs.enqueue(self.transaction, job, replace(job, delay=_WORK_IN_HAND))

    async def replaced(self, highlight: Highlight) -> None:
        """Each object by itself."""
        for stored in (highlight.clip, highlight.thumbnail):
            if stored:
                below = stored.key.removeprefix(f"streams/{highlight.stream}/")
                job = self._below(highlight.stream, below)
                await self.jobs.enqueue(self.transaction, replace(job, delay=_WORK_IN_HAND))

    async def purge(self, stream: StreamId) -> None:
        """Delete the stream's objects. The subject is not the stream, so that cancelling what was asked for it leaves this."""
        now = self._below(stream, "")
        await self.jobs.enqueue(self.transaction, now, replace(now, delay=_WORK_IN_HAND))

    def _below(self, stream: StreamId, below: str) -> NewJob:
        return NewJob(PURGE, self.organization, f"purge {stream}", {"stream": stream, "below": below})

    async def cancel(self, stream: StreamId) -> None:
        """Take back what was asked for a stream."""
        await self.jobs.cancel(self.transaction, stream)
