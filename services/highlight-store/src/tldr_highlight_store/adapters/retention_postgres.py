"""Forgets what was kept long enough, of all organizations, under the system role."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from tldr_database import Database
from tldr_highlight_store.adapters.tables import highlights, organizations, runs, segments, streams

_SEGMENT_DAYS = 7
_HIGHLIGHT_DAYS = 180
_BATCH = 100


@dataclass(frozen=True, slots=True)
class Expired:
    """A stream some of whose objects were kept long enough."""

    organization: str
    stream: str


@dataclass(frozen=True, slots=True)
class PostgresRetention:
    """Which streams' segments and highlights have been kept as long as their organization's plan says."""

    database: Database

    async def segments_expired(self) -> Sequence[Expired]:
        """Closed streams whose source segments are to be deleted, oldest first."""
        days = sa.func.coalesce(organizations.c.segment_retention_days, _SEGMENT_DAYS)
        return await self._expired(days, streams.c.segments_deleted.is_(False))

    async def highlights_expired(self) -> Sequence[Expired]:
        """Closed streams of which nothing is to be kept, the rows of deleted ones included, oldest first."""
        days = sa.func.coalesce(organizations.c.highlight_retention_days, _HIGHLIGHT_DAYS)
        return await self._expired(days, sa.true())

    async def segments_deleted(self, expired: Expired) -> None:
        """Write down that the segments are gone."""
        async with self.database.system() as transaction:
            await transaction.execute(sa.delete(segments).where(segments.c.stream_id == expired.stream))
            await transaction.execute(
                sa.update(streams).where(streams.c.stream_id == expired.stream).values(segments_deleted=True)
            )

    async def highlights_deleted(self, expired: Expired) -> None:
        """Write down that the highlights are gone."""
        async with self.database.system() as transaction:
            for table in (highlights, runs, segments, streams):
                await transaction.execute(sa.delete(table).where(table.c.stream_id == expired.stream))

    async def _expired(self, days: sa.ColumnElement[int], still: sa.ColumnElement[bool]) -> Sequence[Expired]:
        kept = sa.func.make_interval(0, 0, 0, days)
        query = (
            sa.select(streams.c.organization_id, streams.c.stream_id)
            .outerjoin(organizations, organizations.c.organization_id == streams.c.organization_id)
            .where(streams.c.closed_at <= sa.func.now() - kept, still)
            .order_by(streams.c.closed_at)
            .limit(_BATCH)
        )
        async with self.database.system() as transaction:
            rows = await transaction.execute(query)
            return [Expired(row.organization_id, row.stream_id) for row in rows]
