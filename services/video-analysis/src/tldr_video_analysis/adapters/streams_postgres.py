"""Streams in PostgreSQL."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tldr_bus import lock_subjects
from tldr_contracts.ids import StreamId
from tldr_database import Transaction
from tldr_video_analysis.adapters.tables import OF_STREAMS, streams
from tldr_video_analysis.domain.analysed_stream import AnalysedStream, Failure, Request, Standing
from tldr_video_analysis.domain.figures import Modality

_NUMBERS = (
    "attempt",
    "opened_attempt",
    "read_until_ms",
    "ended_attempt",
    "duration_ms",
    "planned_until_s",
    "released_until_s",
    "complete_until_ms",
    "announced_attempt",
)


@dataclass(frozen=True, slots=True)
class PostgresStreams:
    """Streams of the organization that the transaction is bound to. `lane` is that of the stream being handled."""

    transaction: Transaction
    organization: str
    lane: int

    async def take(self, stream: StreamId) -> AnalysedStream:
        """The stream under its lock; the bus holds the same one around its handlers."""
        await lock_subjects(self.transaction, stream)
        return await self.get(stream)

    async def get(self, stream: StreamId) -> AnalysedStream:
        """The stream, as new when nothing was written of it."""
        found = await self.transaction.execute(sa.select(streams).where(streams.c.stream_id == stream))
        row = found.one_or_none()
        return AnalysedStream(stream) if row is None else _stream(row)

    async def put(self, stream: AnalysedStream) -> None:
        """Write it."""
        values = _values(stream)
        new = insert(streams).values(organization_id=self.organization, stream_id=stream.id, lane=self.lane, **values)
        changed = {**values, "touched_at": sa.func.now()}
        await self.transaction.execute(new.on_conflict_do_update(index_elements=["stream_id"], set_=changed))

    async def forget(self, stream: StreamId) -> None:
        """Delete all that hangs on it."""
        for table in OF_STREAMS:
            await self.transaction.execute(sa.delete(table).where(table.c.stream_id == stream))


def _values(stream: AnalysedStream) -> dict[str, Any]:
    request, failure = stream.request, stream.failure
    return {
        **{name: getattr(stream, name) for name in _NUMBERS},
        "standing": stream.standing,
        "modalities": [str(modality) for modality in stream.modalities],
        "priority": request.priority if request else None,
        "thorough": request.thorough if request else None,
        "live": request.live if request else None,
        "failure_code": failure.code if failure else None,
        "failure_reason": failure.reason if failure else None,
    }


def _stream(row: Any) -> AnalysedStream:
    return AnalysedStream(
        id=row.stream_id,
        standing=Standing(row.standing),
        request=Request(row.priority, row.thorough, row.live) if row.priority is not None else None,
        modalities=tuple(Modality(modality) for modality in row.modalities),
        failure=Failure(row.failure_code, row.failure_reason) if row.failure_code is not None else None,
        **{name: row._mapping[name] for name in _NUMBERS},
    )
