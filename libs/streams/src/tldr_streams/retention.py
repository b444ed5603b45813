"""Forgets streams that ended long ago, of all organizations, under the system role."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from tldr_contracts.ids import StreamId
from tldr_database import Database, Transaction
from tldr_streams.state import StreamState

Kept = timedelta | sa.ColumnElement[timedelta]
"""How long: the same for all, or an expression over the row of a stream."""


@dataclass(frozen=True, slots=True)
class Expired:
    """A stream that was kept long enough, and how it ended."""

    organization: str
    stream: StreamId
    state: StreamState


@dataclass(frozen=True, slots=True)
class StreamRetention:
    """Finds and deletes rows of `table`, with those that hang on them, a few in a transaction, oldest first."""

    database: Database
    table: sa.Table
    of_stream: Sequence[sa.Table] = ()
    batch: int = 50

    async def expired(self, now: datetime, kept: Kept, *having: sa.ColumnElement[bool]) -> Sequence[Expired]:
        """A few streams that were kept long enough, of those `having` what is asked."""
        async with self.database.system() as transaction:
            return await self._expired(transaction, now, kept, *having)

    async def forget(self, expired: Sequence[Expired]) -> None:
        """Delete their rows."""
        async with self.database.system() as transaction:
            await self._delete(transaction, [one.stream for one in expired])

    async def sweep(self, now: datetime, kept: Kept) -> None:
        """Delete all that were kept long enough."""
        found = self.batch
        while found == self.batch:
            async with self.database.system() as transaction:
                expired = await self._expired(transaction, now, kept)
                await self._delete(transaction, [one.stream for one in expired])
            found = len(expired)

    async def _expired(
        self, transaction: Transaction, now: datetime, kept: Kept, *having: sa.ColumnElement[bool]
    ) -> list[Expired]:
        columns, at = self.table.c, sa.literal(now, sa.DateTime(timezone=True))
        ended = columns.ended_at <= at - kept
        # One whose end was never heard of, or that an event made which came after it had been forgotten: three times as long.
        lost = sa.and_(columns.ended_at.is_(None), columns.created_at <= at - kept - kept - kept)
        query = (
            sa.select(columns.organization_id, columns.stream_id, columns.state)
            .where(sa.or_(ended, lost), *having)
            .order_by(columns.created_at)
            .limit(self.batch)
            .with_for_update(skip_locked=True)
        )
        rows = await transaction.execute(query)
        return [Expired(row.organization_id, StreamId(row.stream_id), StreamState(row.state)) for row in rows]

    async def _delete(self, transaction: Transaction, streams: Sequence[StreamId]) -> None:
        for table in (*self.of_stream, self.table):
            await transaction.execute(sa.delete(table).where(table.c.stream_id.in_(streams)))
