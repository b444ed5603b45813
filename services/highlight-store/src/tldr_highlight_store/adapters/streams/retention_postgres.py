"""How long an organization's plan keeps segments and highlights, and what of streams was kept long enough."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from tldr_database import Database
from tldr_highlight_store.adapters.tables import OF_STREAMS, organizations, segments, streams
from tldr_streams.retention import Expired, StreamRetention

_SEGMENT_DAYS = 7
_HIGHLIGHT_DAYS = 180
_BATCH = 100


def _by_plan(days: sa.Column[Any], otherwise: int) -> sa.ColumnElement[timedelta]:
    """What the plan of a stream's organization says, or the same for all of which no plan is known."""
    said = sa.select(days).where(organizations.c.organization_id == streams.c.organization_id).scalar_subquery()
    return sa.func.make_interval(0, 0, 0, sa.func.coalesce(said, otherwise), type_=sa.Interval)


_SEGMENTS_KEPT = _by_plan(organizations.c.segment_retention_days, _SEGMENT_DAYS)
_HIGHLIGHTS_KEPT = _by_plan(organizations.c.highlight_retention_days, _HIGHLIGHT_DAYS)


@dataclass(frozen=True, slots=True)
class PostgresRetention:
    """Which streams' segments and highlights have been kept as long as their organization's plan says."""

    database: Database

    async def segments_expired(self, now: datetime) -> Sequence[Expired]:
        """Ended streams whose source segments are to be deleted; those of a stream at work stay, however old it is."""
        ended, there = streams.c.ended_at.is_not(None), streams.c.segments_deleted.is_(False)
        return await self._streams.expired(now, _SEGMENTS_KEPT, ended, there)

    async def highlights_expired(self, now: datetime) -> Sequence[Expired]:
        """Streams of which nothing is to be kept, the rows of deleted ones included."""
        return await self._streams.expired(now, _HIGHLIGHTS_KEPT)

    async def segments_deleted(self, expired: Expired) -> None:
        """Write down that the segments are gone."""
        async with self.database.system() as transaction:
            await transaction.execute(sa.delete(segments).where(segments.c.stream_id == expired.stream))
            await transaction.execute(
                sa.update(streams).where(streams.c.stream_id == expired.stream).values(segments_deleted=True)
            )

    async def highlights_deleted(self, expired: Expired) -> None:
        """Write down that the highlights are gone."""
        await self._streams.forget([expired])

    @property
    def _streams(self) -> StreamRetention:
        return StreamRetention(self.database, streams, OF_STREAMS, batch=_BATCH)
