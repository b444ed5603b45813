"""Streams in PostgreSQL."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from tldr_contracts.ids import RunId, StreamId
from tldr_fusion_detector.adapters.tables import OF_STREAMS, streams
from tldr_fusion_detector.application.stream_record import Request, Source, StreamRecord
from tldr_fusion_detector.domain.signals.baseline import Mode
from tldr_fusion_detector.domain.signals.signals import Modality
from tldr_streams.rows import StreamRows, stream_values
from tldr_streams.values import Failure


@dataclass(frozen=True, slots=True)
class PostgresStreams(StreamRows[StreamRecord]):
    """Streams as this service keeps them."""

    TABLE = streams
    OF_STREAM = OF_STREAMS

    async def ensure(self, stream: StreamId, /) -> StreamRecord:
        """The stream, written down where it was not."""
        known = await self.find(stream)
        if known is None:
            known = self.new(stream)
            await self.put(known)
        return known

    async def lane_of(self, stream: StreamId, /) -> int:
        """The lane in which its facts are told."""
        query = sa.select(streams.c.lane).where(streams.c.stream_id == stream)
        return (await self.transaction.execute(query)).scalar_one_or_none() or 0

    def new(self, stream: StreamId) -> StreamRecord:
        """A stream of which nothing was written."""
        return StreamRecord(stream)

    def record(self, row: Any) -> StreamRecord:
        """The stream that a row holds."""
        requested = row.profile is not None
        return StreamRecord(
            **stream_values(row),
            request=_request(row) if requested else None,
            source=Source(
                opened_attempt=row.opened_attempt,
                modalities=tuple(Modality(name) for name in row.modalities),
                claimed_ms=row.claimed_ms,
                ended_attempt=row.read_attempt,
                duration_ms=row.read_ms,
                failure=Failure(row.failure_code, row.failure_reason) if row.failure_code is not None else None,
                wall_zero_ms=row.wall_zero_ms,
            ),
            run=RunId(row.run_id) if row.run_id else None,
        )

    def values(self, stream: StreamRecord) -> Mapping[str, Any]:
        """The service's own columns of it."""
        request, source = stream.request, stream.source
        return {
            "priority": request.priority if request else None,
            "mode": request.mode if request else None,
            "chat": request.chat if request else None,
            "channel": request.channel if request else "",
            "external": request.external if request else False,
            "profile": dict(request.profile) if request else None,
            "opened_attempt": source.opened_attempt,
            "modalities": [str(modality) for modality in source.modalities],
            "claimed_ms": source.claimed_ms,
            "read_attempt": source.ended_attempt,
            "read_ms": source.duration_ms,
            "failure_code": source.failure.code if source.failure else None,
            "failure_reason": source.failure.reason if source.failure else None,
            "wall_zero_ms": source.wall_zero_ms,
            "run_id": stream.run,
        }


def _request(row: Any) -> Request:
    return Request(row.priority, Mode(row.mode), row.chat, row.profile, row.channel, row.external)
