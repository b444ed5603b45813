"""Everything a use case may touch in one transaction, put together once."""

from dataclasses import dataclass

from tldr_bus import Outbox
from tldr_chat_sentiment.adapters.announcements_outbox import OutboxAnnouncements
from tldr_chat_sentiment.adapters.arrivals_postgres import PostgresArrivals
from tldr_chat_sentiment.adapters.measuring_jobs import JobMeasuring
from tldr_chat_sentiment.adapters.streams_postgres import PostgresStreams
from tldr_database import Transaction
from tldr_jobs import Jobs


@dataclass(frozen=True, slots=True)
class PostgresWork:
    """The repositories, the jobs and the announcements of one transaction."""

    streams: PostgresStreams
    arrivals: PostgresArrivals
    measuring: JobMeasuring
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
            PostgresArrivals(transaction, organization),
            JobMeasuring(self.jobs, transaction, organization, lane),
            OutboxAnnouncements(self.outbox, transaction, organization, lane),
        )
