"""Arrivals in PostgreSQL, each with its messages until they are measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from tldr_chat_sentiment.adapters.tables import arrivals
from tldr_chat_sentiment.domain.arrivals.arrival import Arrival, End, Gap, Numbered, ObjectPlace, Window
from tldr_contracts.ids import StreamId
from tldr_database import Transaction, driver
from tldr_streams.values import Failure

# On the driver, whose errors do not show what was to be written: messages are not to appear in logs.
_APPEND = """
    INSERT INTO arrivals (
        organization_id, stream_id, number, kind, index, start_ms, end_ms, complete_until_ms,
        content, bucket, key, sha256, attempt, code, reason
    ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
"""


@dataclass(frozen=True, slots=True)
class PostgresArrivals:
    """Arrivals of the streams of the organization that the transaction is bound to."""

    transaction: Transaction
    organization: str

    async def append(self, stream: StreamId, added: Sequence[Numbered]) -> None:
        """Keep them."""
        rows = [(self.organization, stream, one.number, *_columns(one.arrival)) for one in added]
        await (await driver(self.transaction)).executemany(_APPEND, rows)

    async def head(self, stream: StreamId, limit: int) -> Sequence[Numbered]:
        """The first of them."""
        rows = await self.transaction.execute(
            sa.select(arrivals).where(arrivals.c.stream_id == stream).order_by(arrivals.c.number).limit(limit)
        )
        return [Numbered(row.number, _arrival(row)) for row in rows]

    async def remove(self, stream: StreamId, through: int) -> None:
        """Delete those up to this number."""
        await self.transaction.execute(
            sa.delete(arrivals).where(arrivals.c.stream_id == stream, arrivals.c.number <= through)
        )

    async def drop(self, stream: StreamId) -> None:
        """Delete all of them."""
        await self.transaction.execute(sa.delete(arrivals).where(arrivals.c.stream_id == stream))


def _columns(arrival: Arrival) -> tuple[Any, ...]:
    """kind, index, start, end, complete until; content, bucket, key, sha256; attempt, code, reason."""
    match arrival:
        case Window(index, start_ms, end_ms, complete_until_ms, ObjectPlace(bucket, key, sha256)):
            return "window", index, start_ms, end_ms, complete_until_ms, None, bucket, key, sha256, None, None, None
        case Window(index, start_ms, end_ms, complete_until_ms, bytes() as content):
            return "window", index, start_ms, end_ms, complete_until_ms, content, None, None, None, None, None, None
        case Gap(start_ms, end_ms, code, reason, complete_until_ms):
            return "gap", None, start_ms, end_ms, complete_until_ms, None, None, None, None, None, code, reason
        case End(attempt, duration_ms, failure):
            said = (failure.code, failure.reason) if failure else (None, None)
            return "end", None, None, duration_ms, None, None, None, None, None, attempt, *said
    raise TypeError(type(arrival).__name__)


def _arrival(row: Any) -> Arrival:
    if row.kind == "window":
        content = row.content if row.key is None else ObjectPlace(row.bucket, row.key, row.sha256)
        return Window(row.index, row.start_ms, row.end_ms, row.complete_until_ms, content)
    if row.kind == "gap":
        return Gap(row.start_ms, row.end_ms, row.code, row.reason, row.complete_until_ms)
    return End(row.attempt, row.end_ms, Failure(row.code, row.reason) if row.code is not None else None)
