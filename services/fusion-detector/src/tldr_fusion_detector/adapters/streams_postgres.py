"""Streams in PostgreSQL."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tldr_bus import lock_subjects
from tldr_contracts.ids import RunId, StreamId
from tldr_database import Transaction
from tldr_fusion_detector.adapters.tables import OF_STREAMS, streams
from tldr_fusion_detector.application.stream_record import Request, Source, Standing, StreamRecord
from tldr_fusion_detector.domain.signals.baseline import Mode
from tldr_fusion_detector.domain.signals.signals import Modality
from tldr_streams.values import Failure


@dataclass(frozen=True, slots=True)
class PostgresStreams:
    """Streams of the organization that the transaction is bound to. `lane` is that of the stream being handled."""

    transaction: Transaction
    organization: str
    lane: int

    async def get(self, stream: StreamId) -> StreamRecord:
        """The stream, as new when nothing was written of it."""
        row = (await self.transaction.execute(sa.select(streams).where(streams.c.stream_id == stream))).one_or_none()
        return _record(row) if row else StreamRecord(stream)

    async def lock(self, stream: StreamId) -> StreamRecord:
        """The stream under the lock that the bus takes for its events."""
        await lock_subjects(self.transaction, stream)
        return await self.get(stream)

    async def put(self, record: StreamRecord) -> None:
        """Add it or replace it; the time of its end is that of the last word on it."""
        values = _values(record)
        new = insert(streams).values(organization_id=self.organization, stream_id=record.id, lane=self.lane, **values)
        await self.transaction.execute(new.on_conflict_do_update(index_elements=["stream_id"], set_=values))

    async def touch(self, stream: StreamId) -> None:
        """Make its row where there is none."""
        new = insert(streams).values(organization_id=self.organization, stream_id=stream, lane=self.lane)
        await self.transaction.execute(new.on_conflict_do_nothing())

    async def forget(self, stream: StreamId) -> None:
        """Delete all that came of it."""
        for table in OF_STREAMS:
            await self.transaction.execute(sa.delete(table).where(table.c.stream_id == stream))


def _values(record: StreamRecord) -> dict[str, Any]:
    request, source = record.request, record.source
    return {
        "attempt": record.attempt,
        "standing": record.standing,
        "priority": request.priority if request else None,
        "mode": request.mode if request else None,
        "chat": request.chat if request else None,
        "channel": request.channel if request else "",
        "profile": dict(request.profile) if request else None,
        "opened_attempt": source.opened_attempt,
        "modalities": [str(modality) for modality in source.modalities],
        "claimed_ms": source.claimed_ms,
        "read_attempt": source.ended_attempt,
        "read_ms": source.duration_ms,
        "failure_code": source.failure.code if source.failure else None,
        "failure_reason": source.failure.reason if source.failure else None,
        "run_id": record.run,
        "ended_at": None if record.standing is Standing.ACTIVE else sa.func.now(),
    }


def _record(row: Any) -> StreamRecord:
    requested = row.profile is not None
    return StreamRecord(
        id=StreamId(row.stream_id),
        attempt=row.attempt,
        standing=Standing(row.standing),
        request=Request(row.priority, Mode(row.mode), row.chat, row.profile, row.channel) if requested else None,
        source=Source(
            opened_attempt=row.opened_attempt,
            modalities=tuple(Modality(name) for name in row.modalities),
            claimed_ms=row.claimed_ms,
            ended_attempt=row.read_attempt,
            duration_ms=row.read_ms,
            failure=Failure(row.failure_code, row.failure_reason) if row.failure_code is not None else None,
        ),
        run=RunId(row.run_id) if row.run_id else None,
    )
