"""Segments in PostgreSQL."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass

import sqlalchemy as sa

from tldr_contracts.ids import StreamId
from tldr_database import Transaction, driver
from tldr_video_analysis.adapters.streams.tables import segments
from tldr_video_analysis.domain.segments.segment import AFTER_MS, BEFORE_MS, CHAIN_MS, Segment, Window, needed

_ADD = """
INSERT INTO segments (
    organization_id, stream_id, index, start_ms, end_ms, bucket, key, offset_ms, decode_from, has_video, has_audio
)
SELECT $1, $2, * FROM unnest(
    $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::bigint[], $9::bigint[], $10::bool[], $11::bool[]
)
ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class PostgresSegments:
    """Segments of the organization that the transaction is bound to."""

    transaction: Transaction
    organization: str

    async def add(self, stream: StreamId, added: Sequence[Segment]) -> None:
        """Keep them, in one statement."""
        columns = map(list, zip(*(astuple(segment) for segment in added), strict=True))
        await (await driver(self.transaction)).execute(_ADD, self.organization, stream, *columns)

    async def around(self, stream: StreamId, window: Window) -> Sequence[Segment]:
        """Those an analysis of the window reads."""
        of_stream, before_end = segments.c.stream_id == stream, segments.c.start_ms < window.end_ms + AFTER_MS
        touched = sa.and_(of_stream, before_end, segments.c.end_ms > window.start_ms - BEFORE_MS)
        first = sa.select(sa.func.min(sa.func.least(segments.c.index, segments.c.decode_from))).where(touched)
        query = sa.select(*(segments.c[name] for name in Segment.__slots__)).where(
            of_stream,
            before_end,
            segments.c.end_ms > window.start_ms - CHAIN_MS,
            segments.c.index >= first.scalar_subquery(),
        )
        rows = await self.transaction.execute(query.order_by(segments.c.index))
        return needed([Segment(*row) for row in rows], window)
