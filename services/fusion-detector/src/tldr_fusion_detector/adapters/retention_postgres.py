"""Forgets what was kept long enough, of all organizations, under the system role."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from tldr_database import Database
from tldr_fusion_detector.adapters.tables import OF_STREAMS, runs, scorers, streams, vocabularies
from tldr_streams.retention import StreamRetention


@dataclass(frozen=True, slots=True)
class PostgresRetention:
    """Deletes a few streams in a transaction, each with all that came of it."""

    database: Database
    batch: int = 20

    async def forget(self, now: datetime, kept: timedelta) -> None:
        """Delete streams that ended so long ago, vocabularies unused since, and removed scorers to which no run refers any
        longer.
        """
        await StreamRetention(self.database, streams, OF_STREAMS, self.batch).sweep(now, kept)
        async with self.database.system() as transaction:
            await transaction.execute(sa.delete(vocabularies).where(vocabularies.c.updated_at < now - kept))
            used = sa.exists().where(runs.c.scorer["id"].as_string() == scorers.c.scorer_id)
            await transaction.execute(sa.delete(scorers).where(scorers.c.hidden, ~used))
