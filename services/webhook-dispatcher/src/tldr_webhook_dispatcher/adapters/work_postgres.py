"""Everything a use case may touch in one transaction, put together once."""

from dataclasses import dataclass

from tldr_bus import Outbox
from tldr_database import Transaction
from tldr_jobs import Jobs
from tldr_service import Clock
from tldr_webhook_dispatcher.adapters.endpoints.endpoints_postgres import PostgresEndpoints
from tldr_webhook_dispatcher.adapters.messages.announcements_outbox import OutboxAnnouncements
from tldr_webhook_dispatcher.adapters.messages.events_postgres import PostgresEvents
from tldr_webhook_dispatcher.adapters.messages.messages_postgres import PostgresMessages
from tldr_webhook_dispatcher.adapters.messages.outgoing_jobs import JobOutgoing
from tldr_webhook_dispatcher.adapters.messages.recoveries_postgres import PostgresRecoveries
from tldr_webhook_dispatcher.adapters.streams.ends_postgres import PostgresEnds
from tldr_webhook_dispatcher.application.messages.send_message import SendMessage
from tldr_webhook_dispatcher.application.streams.end_stream import EndStream


@dataclass(frozen=True, slots=True)
class PostgresWork:
    """The repositories and use cases of one transaction."""

    endpoints: PostgresEndpoints
    messages: PostgresMessages
    events: PostgresEvents
    recoveries: PostgresRecoveries
    ends: PostgresEnds
    outgoing: JobOutgoing
    announcements: OutboxAnnouncements
    outbox: Outbox
    transaction: Transaction
    clock: Clock

    @property
    def send(self) -> SendMessage:
        """Sends messages."""
        return SendMessage(self.endpoints, self.messages, self.events, self.outgoing, self.clock)

    @property
    def end(self) -> EndStream:
        """Ends streams."""
        return EndStream(self.ends, self.send)

    async def close(self, stream: str) -> None:
        """The stream has ended: what was read of it need not be remembered for long."""
        await self.outbox.close(self.transaction, stream)


@dataclass(frozen=True, slots=True)
class WorkFactory:
    """Binds the adapters to a transaction."""

    jobs: Jobs
    outbox: Outbox
    clock: Clock

    def __call__(self, transaction: Transaction, organization: str) -> PostgresWork:
        """The work of one transaction."""
        return PostgresWork(
            PostgresEndpoints(transaction),
            PostgresMessages(transaction, organization),
            PostgresEvents(transaction, organization),
            PostgresRecoveries(transaction, organization),
            PostgresEnds(transaction, organization),
            JobOutgoing(self.jobs, transaction, organization),
            OutboxAnnouncements(self.outbox, transaction, organization),
            self.outbox,
            transaction,
            self.clock,
        )
