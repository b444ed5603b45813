"""Streams in PostgreSQL."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tldr_contracts.ids import StreamId
from tldr_database import Transaction
from tldr_highlight_store.adapters.tables import highlights, runs, segments, streams
from tldr_highlight_store.application.ports import StreamRecord


@dataclass(frozen=True, slots=True)
class PostgresStreams:
    """Streams of the organization that the transaction is bound to. `lane` is that of the stream being handled."""

    transaction: Transaction
    organization: str
    lane: int

    async def get(self, stream: StreamId) -> StreamRecord:
        """The stream, as new when nothing was written of it."""
        row = (await self.transaction.execute(sa.select(streams).where(streams.c.stream_id == stream))).one_or_none()
        if row is None:
            return StreamRecord(stream, priority=0, dropped=False, read_until_ms=0, ended=False)
        return StreamRecord(stream, row.priority, row.dropped, row.read_until_ms, row.ended)

    async def requested(self, stream: StreamId, *, priority: int) -> None:
        """Keep the priority."""
        await self._write(stream, priority=priority)

    async def read(self, stream: StreamId, *, until_ms: int, ended: bool) -> None:
        """Move the end of what was read forward."""
        new = insert(streams).values(
            organization_id=self.organization, stream_id=stream, lane=self.lane, read_until_ms=until_ms, ended=ended
        )
        await self.transaction.execute(
            new.on_conflict_do_update(
                index_elements=["stream_id"],
                set_={
                    "read_until_ms": sa.func.greatest(streams.c.read_until_ms, new.excluded.read_until_ms),
                    "ended": sa.or_(streams.c.ended, new.excluded.ended),
                },
            )
        )

    async def drop(self, stream: StreamId) -> None:
        """Mark it as dropped."""
        await self._write(stream, dropped=True)

    async def forget(self, stream: StreamId) -> None:
        """Delete its highlights, runs and segments."""
        for table in (highlights, runs, segments):
            await self.transaction.execute(sa.delete(table).where(table.c.stream_id == stream))

    async def _write(self, stream: StreamId, **values: int | bool) -> None:
        new = insert(streams).values(organization_id=self.organization, stream_id=stream, lane=self.lane, **values)
        await self.transaction.execute(new.on_conflict_do_update(index_elements=["stream_id"], set_=values))
