"""How far a stream is, counted when somebody asks."""

from dataclasses import dataclass

from tldr_contracts.ids import StreamId
from tldr_database import Transaction, driver

# What lies before the second argument is analysed; only the few segments behind it are looked up.
_COUNT = """
SELECT count(*) AS segments, count(*) FILTER (WHERE start_ms < $2 OR EXISTS (
    SELECT FROM windows
    WHERE windows.stream_id = $1 AND analysed AND first_second >= $2 / 1000
      AND first_second * 1000 <= segments.start_ms AND segments.start_ms < end_second * 1000
)) AS analysed
FROM segments WHERE stream_id = $1
"""


@dataclass(frozen=True, slots=True)
class SegmentCounts:
    """`analysed`: segments that begin in a window whose analysis is done."""

    segments: int
    analysed: int


async def count_segments(transaction: Transaction, stream: StreamId, released_ms: int) -> SegmentCounts:
    """Of a stream of the organization that the transaction is bound to, which is released up to `released_ms`."""
    row = await (await driver(transaction)).fetchrow(_COUNT, stream, released_ms)
    return SegmentCounts(row["segments"], row["analysed"]) if row else SegmentCounts(0, 0)
