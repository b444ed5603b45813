"""How far a stream is, counted when somebody asks."""

from dataclasses import dataclass

from tldr_contracts.ids import StreamId
from tldr_database import Transaction, driver

_COUNT = """
SELECT count(*) AS segments, count(*) FILTER (WHERE EXISTS (
    SELECT FROM windows
    WHERE windows.stream_id = $1 AND analysed
      AND first_second * 1000 <= segments.start_ms AND segments.start_ms < end_second * 1000
)) AS analysed
FROM segments WHERE stream_id = $1
"""


@dataclass(frozen=True, slots=True)
class SegmentCounts:
    """`analysed`: segments that begin in a window whose analysis is done."""

    segments: int
    analysed: int


async def count_segments(transaction: Transaction, stream: StreamId) -> SegmentCounts:
    """Of a stream of the organization that the transaction is bound to."""
    row = await (await driver(transaction)).fetchrow(_COUNT, stream)
    return SegmentCounts(row["segments"], row["analysed"]) if row else SegmentCounts(0, 0)
