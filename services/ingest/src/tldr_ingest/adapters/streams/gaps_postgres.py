"""Gaps in PostgreSQL."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import sqlalchemy as sa

from tldr_contracts.ids import StreamId
from tldr_database import Transaction
from tldr_ingest.adapters.streams.tables import gaps
from tldr_ingest.domain.media.source import Modality, ReadGap


@dataclass(frozen=True, slots=True)
class PostgresGaps:
    """Gaps of the organization that the transaction is bound to."""

    transaction: Transaction
    organization: str

    async def add(self, stream: StreamId, added: Sequence[ReadGap]) -> None:
        """Keep gaps."""
        if added:
            rows = [{"organization_id": self.organization, "stream_id": stream, **asdict(gap)} for gap in added]
            await self.transaction.execute(sa.insert(gaps), rows)

    async def of(self, stream: StreamId) -> Sequence[ReadGap]:
        """Those of a stream, in order of time."""
        query = sa.select(gaps).where(gaps.c.stream_id == stream).order_by(gaps.c.start_ms, gaps.c.number)
        return [
            ReadGap(Modality(row.modality), row.start_ms, row.end_ms, row.code, row.reason)
            for row in await self.transaction.execute(query)
        ]
