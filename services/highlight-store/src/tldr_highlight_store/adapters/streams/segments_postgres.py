"""Segments in PostgreSQL."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tldr_contracts.ids import StreamId
from tldr_database import Transaction
from tldr_highlight_store.adapters.tables import segments
from tldr_highlight_store.domain.streams.segment import Segment

_NEIGHBOURS_MS = 1_000
"""Sound and picture of one moment may lie in neighbouring segments."""


@dataclass(frozen=True, slots=True)
class PostgresSegments:
    """Segments of the organization that the transaction is bound to."""

    transaction: Transaction
    organization: str

    async def add(self, stream: StreamId, segment: Segment) -> None:
        """Keep a segment; one of the same index is replaced."""
        values = asdict(segment)
        new = insert(segments).values(organization_id=self.organization, stream_id=stream, **values)
        await self.transaction.execute(new.on_conflict_do_update(index_elements=["stream_id", "index"], set_=values))

    async def around(self, stream: StreamId, start_ms: int, end_ms: int) -> Sequence[Segment]:
        """Those that could be needed for this range, in order: from the one in which decoding must start."""
        columns = [column for column in segments.c if column.name not in {"organization_id", "stream_id"}]
        touched = sa.and_(
            segments.c.stream_id == stream,
            segments.c.end_ms > start_ms - _NEIGHBOURS_MS,
            segments.c.start_ms < end_ms + _NEIGHBOURS_MS,
        )
        first = sa.select(sa.func.min(sa.func.least(segments.c.index, segments.c.decode_from))).where(touched)
        rows = await self.transaction.execute(
            sa.select(*columns)
            .where(
                segments.c.stream_id == stream,
                segments.c.index >= first.scalar_subquery(),
                segments.c.start_ms < end_ms + _NEIGHBOURS_MS,
            )
            .order_by(segments.c.index)
        )
        return [Segment(**row._mapping) for row in rows]
