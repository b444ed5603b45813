"""Publishers arrive before anything but their stream is known."""

from dataclasses import dataclass

import sqlalchemy as sa

from tldr_contracts.ids import StreamId
from tldr_database import Database
from tldr_ingest.adapters.streams.tables import streams
from tldr_ingest.adapters.streams.work_postgres import WorkFactory
from tldr_ingest.application.push.welcome_publisher import WelcomePublisher


@dataclass(frozen=True, slots=True)
class PostgresArrivals:
    """Whose stream it is is looked up under the system role; all else is the organization's own transaction."""

    database: Database
    work: WorkFactory

    async def __call__(self, stream: StreamId) -> None:
        """The first picture or sound of a publishing session has come."""
        query = sa.select(streams.c.organization_id, streams.c.lane).where(streams.c.stream_id == stream)
        async with self.database.system() as transaction:
            found = (await transaction.execute(query)).one_or_none()
        if found is None:
            return
        async with self.database.tenant(found.organization_id) as transaction:
            await WelcomePublisher(self.work(transaction, found.organization_id, found.lane))(stream)
