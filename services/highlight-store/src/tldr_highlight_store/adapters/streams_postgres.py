"""Streams in PostgreSQL."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import Insert, insert

from tldr_bus import lock_subjects
from tldr_contracts.ids import RunId, StreamId
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
            return StreamRecord(stream)
        return StreamRecord(stream, row.priority, row.attempt, row.dropped, row.read_until_ms, row.ended_attempt)

    async def lock(self, stream: StreamId) -> None:
        """The same lock that the bus holds around handlers."""
        await lock_subjects(self.transaction, stream)

    async def meet(self, stream: StreamId) -> StreamRecord:
        """The stream, written down when it was not known."""
        await self.transaction.execute(self._new(stream).on_conflict_do_nothing())
        return await self.get(stream)

    async def requested(self, stream: StreamId, *, priority: int) -> None:
        """Keep the priority."""
        await self._write(stream, priority=priority)

    async def retried(self, stream: StreamId, *, attempt: int) -> None:
        """Keep the attempt, and all that was made of the stream: its retention begins anew when it ends again."""
        await self._write(stream, attempt=attempt, closed_at=None, segments_deleted=False)

    async def read(self, stream: StreamId, *, until_ms: int, ended_attempt: int = 0) -> None:
        """Move the end of what was read forward."""
        new = self._new(stream, read_until_ms=until_ms, ended_attempt=ended_attempt)
        await self.transaction.execute(
            new.on_conflict_do_update(
                index_elements=["stream_id"],
                set_={
                    "read_until_ms": sa.func.greatest(streams.c.read_until_ms, new.excluded.read_until_ms),
                    "ended_attempt": sa.func.greatest(streams.c.ended_attempt, new.excluded.ended_attempt),
                },
            )
        )

    async def show(self, stream: StreamId, run: RunId) -> None:
        """Make it the default run: of two that settle, the one that was asked for later."""
        new = self._new(stream, default_run=run)
        later = sa.func.greatest(streams.c.default_run, new.excluded.default_run)
        await self.transaction.execute(
            new.on_conflict_do_update(index_elements=["stream_id"], set_={"default_run": later})
        )

    async def close(self, stream: StreamId) -> None:
        """Note the time, the first time."""
        new = self._new(stream, closed_at=sa.func.now())
        first = sa.func.coalesce(streams.c.closed_at, new.excluded.closed_at)
        await self.transaction.execute(
            new.on_conflict_do_update(index_elements=["stream_id"], set_={"closed_at": first})
        )

    async def drop(self, stream: StreamId) -> None:
        """Mark it as dropped."""
        await self._write(stream, dropped=True)
        await self.close(stream)

    async def forget(self, stream: StreamId) -> None:
        """Delete its highlights, runs and segments."""
        for table in (highlights, runs, segments):
            await self.transaction.execute(sa.delete(table).where(table.c.stream_id == stream))

    async def _write(self, stream: StreamId, **values: Any) -> None:
        new = self._new(stream, **values)
        await self.transaction.execute(new.on_conflict_do_update(index_elements=["stream_id"], set_=values))

    def _new(self, stream: StreamId, **values: Any) -> Insert:
        return insert(streams).values(organization_id=self.organization, stream_id=stream, lane=self.lane, **values)
