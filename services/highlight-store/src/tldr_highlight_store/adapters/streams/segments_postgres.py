"""Segments in PostgreSQL."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tldr_contracts.ids import StreamId
from tldr_database import Transaction
from tldr_highlight_store.adapters.tables import segments
from tldr_highlight_store.domain.streams.segment import Segment

_NEIGHBOURS_MS = 1_000
"""Sound and picture of one moment may lie in neighbouring segments."""


_ROUNDING_MS = 50
"""Where a segment begins so close to the end of the one before it, time goes on from one to the other."""


@dataclass(frozen=True, slots=True)
class PostgresSegments:
    """Segments of the organization that the transaction is bound to."""

    transaction: Transaction
    organization: str

    async def add(self, stream: StreamId, segment: Segment) -> None:
        """Keep a segment; one of the same index is replaced."""
        values: dict[str, Any] = asdict(segment)
        values["run"] = sa.func.coalesce(
            sa.select(segments.c.run + sa.case((_goes_on_in(segment), 0), else_=1))
            .where(segments.c.stream_id == stream, segments.c.index == segment.index - 1)
            .scalar_subquery(),
            0,
        )
        new = insert(segments).values(organization_id=self.organization, stream_id=stream, **values)
        await self.transaction.execute(new.on_conflict_do_update(index_elements=["stream_id", "index"], set_=values))

    async def around(self, stream: StreamId, start_ms: int, end_ms: int) -> Sequence[Segment]:
        """Those that could be needed for this range, in order: from the one in which decoding must start."""
        columns = [segments.c[name] for name in Segment.__slots__]
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


def _goes_on_in(segment: Segment) -> sa.ColumnElement[bool]:
    """Whether the clock of the segment before goes on in this one."""
    apart_ms = sa.func.abs(segments.c.end_ms - segment.start_ms)
    return sa.and_(segments.c.offset_ms == segment.offset_ms, apart_ms <= _ROUNDING_MS)
