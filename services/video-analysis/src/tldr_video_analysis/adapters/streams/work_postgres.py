"""Everything a use case may touch in one transaction, put together once."""

from dataclasses import dataclass

from tldr_bus import Outbox
from tldr_database import Transaction
from tldr_jobs import Jobs
from tldr_video_analysis.adapters.streams.analysis_queue_jobs import JobAnalysisQueue
from tldr_video_analysis.adapters.streams.announcements_outbox import OutboxAnnouncements
from tldr_video_analysis.adapters.streams.gaps_postgres import PostgresGaps
from tldr_video_analysis.adapters.streams.segments_postgres import PostgresSegments
from tldr_video_analysis.adapters.streams.streams_postgres import PostgresStreams
from tldr_video_analysis.adapters.streams.windows_postgres import PostgresWindows


@dataclass(frozen=True, slots=True)
class PostgresWork:
    """The repositories, the jobs and the announcements of one transaction."""

    streams: PostgresStreams
    segments: PostgresSegments
    windows: PostgresWindows
    gaps: PostgresGaps
    queue: JobAnalysisQueue
    announcements: OutboxAnnouncements


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
            PostgresWindows(transaction, organization),
            PostgresGaps(transaction, organization),
            JobAnalysisQueue(self.jobs, transaction, organization, lane),
            OutboxAnnouncements(self.outbox, transaction, organization, lane),
        )
