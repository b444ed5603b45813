"""The clip queue over the service's jobs."""

from dataclasses import dataclass

from tldr_contracts.ids import StreamId
from tldr_database import Transaction
from tldr_highlight_store.domain.highlight import Highlight
from tldr_jobs import Jobs, NewJob

CUT = "cut-clip"
PURGE = "purge-stream"


@dataclass(frozen=True, slots=True)
class JobClipQueue:
    """Asks for clips in the transaction at hand."""

    jobs: Jobs
    transaction: Transaction
    organization: str
    lane: int

    async def cut(self, highlight: Highlight, *, priority: int) -> None:
        """One job for each highlight and revision."""
        await self.jobs.enqueue(
            self.transaction,
            NewJob(
                CUT,
                self.organization,
                highlight.stream,
                {"highlight": highlight.id, "lane": self.lane},
                key=highlight.id,
                priority=priority,
            ),
        )

    async def purge(self, stream: StreamId) -> None:
        """Delete the stream's objects. The subject is not the stream, so that dropping the stream does not drop this."""
        await self.jobs.enqueue(
            self.transaction, NewJob(PURGE, self.organization, f"purge {stream}", {"stream": stream})
        )

    async def drop(self, stream: StreamId) -> None:
        """Take back what was asked for a stream."""
        await self.jobs.cancel(self.transaction, stream)
