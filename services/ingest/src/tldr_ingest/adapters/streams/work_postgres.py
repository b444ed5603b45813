"""Everything a use case may touch in one transaction, put together once."""

from dataclasses import dataclass

from tldr_bus import Outbox
from tldr_database import Transaction
from tldr_ingest.adapters.streams.announcements_outbox import OutboxAnnouncements
from tldr_ingest.adapters.streams.gaps_postgres import PostgresGaps
from tldr_ingest.adapters.streams.keys_postgres import PostgresStreamKeys
from tldr_ingest.adapters.streams.pushed_postgres import PostgresPushed
from tldr_ingest.adapters.streams.readings_jobs import JobReadings
from tldr_ingest.adapters.streams.segments_postgres import PostgresSegments
from tldr_ingest.adapters.streams.streams_postgres import PostgresStreams
from tldr_jobs import Jobs


@dataclass(frozen=True, slots=True)
class PostgresWork:
    """The repositories, the queue and the announcements of one transaction."""

    streams: PostgresStreams
    segments: PostgresSegments
    gaps: PostgresGaps
    keys: PostgresStreamKeys
    pushed: PostgresPushed
    readings: JobReadings
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
            PostgresGaps(transaction, organization),
            PostgresStreamKeys(transaction, organization),
            PostgresPushed(transaction, organization),
            JobReadings(self.jobs, transaction, organization, lane),
            OutboxAnnouncements(self.outbox, transaction, organization, lane),
        )
