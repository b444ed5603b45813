"""Streams in PostgreSQL."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tldr_contracts.ids import StreamId
from tldr_database import Transaction
from tldr_ingest.adapters.stream_rows import record_of, values_of
from tldr_ingest.adapters.tables import streams
from tldr_ingest.application.stream_record import Standing, StreamRecord


@dataclass(frozen=True, slots=True)
class PostgresStreams:
    """Streams of the organization that the transaction is bound to. `lane` is that of the stream being handled."""

    transaction: Transaction
    organization: str
    lane: int

    async def get(self, stream: StreamId) -> StreamRecord | None:
        """The stream, if there is a row."""
        row = (await self.transaction.execute(sa.select(streams).where(streams.c.stream_id == stream))).one_or_none()
        return record_of(row) if row else None

    async def hold(self, stream: StreamId) -> StreamRecord:
        """The stream with its row locked. Jobs exist for streams that have one; events come one at a time."""
        query = sa.select(streams).where(streams.c.stream_id == stream).with_for_update()
        row = (await self.transaction.execute(query)).one_or_none()
        return record_of(row) if row else StreamRecord(stream)

    async def put(self, record: StreamRecord) -> None:
        """Add it or replace it; the time of its end is that of the last word on it."""
        values = values_of(record)
        values["ended_at"] = None if record.standing is Standing.ACTIVE else sa.func.now()
        new = insert(streams).values(organization_id=self.organization, stream_id=record.id, lane=self.lane, **values)
        await self.transaction.execute(new.on_conflict_do_update(index_elements=["stream_id"], set_=values))
