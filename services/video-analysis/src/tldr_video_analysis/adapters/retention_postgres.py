"""Forgets streams of all organizations in time, under the system role."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from tldr_database import Database
from tldr_video_analysis.adapters.tables import OF_STREAMS, streams


@dataclass(frozen=True, slots=True)
class PostgresRetention:
    """Deletes a few streams in a transaction, each with all that came of it."""

    database: Database
    batch: int = 50

    async def forget(self, before: datetime) -> None:
        """Streams of which nothing was heard since."""
        old = sa.select(streams.c.stream_id).where(streams.c.touched_at < before).limit(self.batch)
        found = [""]
        while found:
            async with self.database.system() as transaction:
                found = list((await transaction.execute(old.with_for_update(skip_locked=True))).scalars())
                for table in (*OF_STREAMS, streams):
                    await transaction.execute(sa.delete(table).where(table.c.stream_id.in_(found)))
