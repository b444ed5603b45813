"""Forgets streams that ended long ago, of all organizations, under the system role."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from tldr_contracts.ids import StreamId
from tldr_database import Database
from tldr_ingest.adapters.tables import OF_STREAMS, streams
from tldr_ingest.application.stream_record import Standing

# A stream whose end was never heard of, or that was made by an event that came after it had been forgotten.
_NEVER_ENDED = 3


@dataclass(frozen=True, slots=True)
class Expired:
    """A stream that was kept long enough. `completed`: its segments are kept by plan, by another service."""

    organization: str
    stream: StreamId
    completed: bool


@dataclass(frozen=True, slots=True)
class PostgresRetention:
    """Which streams were kept long enough."""

    database: Database
    batch: int = 50

    async def expired(self, now: datetime, kept: timedelta) -> Sequence[Expired]:
        """A few streams that ended, or after three times as long began, so long ago."""
        old = sa.or_(
            streams.c.ended_at < now - kept,
            sa.and_(streams.c.ended_at.is_(None), streams.c.created_at < now - _NEVER_ENDED * kept),
        )
        query = sa.select(streams.c.organization_id, streams.c.stream_id, streams.c.standing).where(old)
        async with self.database.system() as transaction:
            rows = await transaction.execute(query.limit(self.batch))
            return [
                Expired(row.organization_id, StreamId(row.stream_id), row.standing == Standing.COMPLETED)
                for row in rows
            ]

    async def forget(self, expired: Sequence[Expired]) -> None:
        """Delete their rows."""
        found = [one.stream for one in expired]
        async with self.database.system() as transaction:
            for table in (*OF_STREAMS, streams):
                await transaction.execute(sa.delete(table).where(table.c.stream_id.in_(found)))
