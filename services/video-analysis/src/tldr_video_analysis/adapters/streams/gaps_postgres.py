"""Gaps that sources reported, in PostgreSQL."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tldr_contracts.ids import StreamId
from tldr_database import Transaction
from tldr_video_analysis.adapters.streams.tables import gaps
from tldr_video_analysis.domain.figures.figures import Modality
from tldr_video_analysis.domain.streams.gap import Gap


@dataclass(frozen=True, slots=True)
class PostgresGaps:
    """Gaps in streams of the organization that the transaction is bound to."""

    transaction: Transaction
    organization: str

    async def add(self, stream: StreamId, gap: Gap) -> None:
        """Keep a gap, once."""
        new = insert(gaps).values(organization_id=self.organization, stream_id=stream, **asdict(gap))
        await self.transaction.execute(new.on_conflict_do_nothing())

    async def within(self, stream: StreamId, start_ms: int, end_ms: int) -> Sequence[Gap]:
        """Those that touch the range."""
        query = sa.select(gaps).where(gaps.c.stream_id == stream, gaps.c.start_ms < end_ms, gaps.c.end_ms > start_ms)
        return [_gap(row) for row in await self.transaction.execute(query)]

    async def to_tell(self, stream: StreamId, until_ms: int | None) -> Sequence[Gap]:
        """Those that were not given here before; a transaction that is rolled back did not give them."""
        untold = sa.update(gaps).where(gaps.c.stream_id == stream, ~gaps.c.told).values(told=True)
        if until_ms is not None:
            untold = untold.where(gaps.c.start_ms < until_ms)
        return [_gap(row) for row in await self.transaction.execute(untold.returning(gaps))]


def _gap(row: Any) -> Gap:
    return Gap(Modality(row.modality), row.start_ms, row.end_ms, row.code, row.reason)
