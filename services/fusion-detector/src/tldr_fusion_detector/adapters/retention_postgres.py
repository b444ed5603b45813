"""Forgets streams that ended long ago, of all organizations, under the system role."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from tldr_database import Database
from tldr_fusion_detector.adapters.tables import OF_STREAMS, runs, scorers, streams, vocabularies

# A stream whose end was never heard of, or that was made by an event that came after it had been forgotten.
_NEVER_ENDED = 3


@dataclass(frozen=True, slots=True)
class PostgresRetention:
    """Deletes a few streams in a transaction, each with all that came of it."""

    database: Database
    batch: int = 20

    async def forget(self, now: datetime, kept: timedelta) -> None:
        """Delete streams that ended, or after three times as long began, so long ago, vocabularies unused since, and removed
        scorers to which no run refers any longer.
        """
        old = sa.or_(
            streams.c.ended_at < now - kept,
            sa.and_(streams.c.ended_at.is_(None), streams.c.created_at < now - _NEVER_ENDED * kept),
        )
        query = sa.select(streams.c.stream_id).where(old).limit(self.batch)
        found = [""]
        while found:
            async with self.database.system() as transaction:
                found = list((await transaction.execute(query)).scalars())
                for table in (*OF_STREAMS, streams):
                    await transaction.execute(sa.delete(table).where(table.c.stream_id.in_(found)))
        async with self.database.system() as transaction:
            await transaction.execute(sa.delete(vocabularies).where(vocabularies.c.updated_at < now - kept))
            used = sa.exists().where(runs.c.scorer["id"].as_string() == scorers.c.scorer_id)
            await transaction.execute(sa.delete(scorers).where(scorers.c.hidden, ~used))
