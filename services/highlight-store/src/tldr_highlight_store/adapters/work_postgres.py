"""Everything a use case may touch in one transaction, put together once."""

from dataclasses import dataclass

from tldr_bus import Outbox
from tldr_database import Transaction
from tldr_highlight_store.adapters.clips.queue_jobs import JobClipQueue
from tldr_highlight_store.adapters.highlights.announcements_outbox import OutboxAnnouncements
from tldr_highlight_store.adapters.highlights.highlights_postgres import PostgresHighlights
from tldr_highlight_store.adapters.highlights.runs_postgres import PostgresRuns
from tldr_highlight_store.adapters.streams.segments_postgres import PostgresSegments
from tldr_highlight_store.adapters.streams.streams_postgres import PostgresStreams
from tldr_highlight_store.application.highlights.settle_run import SettleRun
from tldr_jobs import Jobs


@dataclass(frozen=True, slots=True)
class PostgresWork:
    """The repositories, the queue and the announcements of one transaction."""

    streams: PostgresStreams
    segments: PostgresSegments
    highlights: PostgresHighlights
    runs: PostgresRuns
    clips: JobClipQueue
    announcements: OutboxAnnouncements

    @property
    def settle(self) -> SettleRun:
        """Settles runs in this transaction."""
        return SettleRun(self.streams, self.highlights, self.runs, self.announcements)


@dataclass(frozen=True, slots=True)
class WorkFactory:
    """Binds the adapters to a transaction."""

    jobs: Jobs
    outbox: Outbox

    def __call__(self, transaction: Transaction, organization: str, lane: int) -> PostgresWork:
        """The work of one transaction on a stream in `lane`."""
        return PostgresWork(
            PostgresStreams(transaction, organization, lane),
            PostgresSegments(transaction, organization),
            PostgresHighlights(transaction, organization),
            PostgresRuns(transaction, organization),
            JobClipQueue(self.jobs, transaction, organization, lane),
            OutboxAnnouncements(self.outbox, transaction, organization, lane),
        )
