"""Reported gaps in PostgreSQL."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tldr_contracts.ids import StreamId
from tldr_database import Transaction
from tldr_fusion_detector.adapters.tables import gaps
from tldr_fusion_detector.application.signals.measurement import Measurement
from tldr_fusion_detector.application.signals.reported_gap import NEVER_CAME, ReportedGap
from tldr_fusion_detector.domain.signals.signals import Modality, modality_of


@dataclass(frozen=True, slots=True)
class PostgresGaps:
    """Gaps of the streams of the organization that the transaction is bound to."""

    transaction: Transaction
    organization: str

    async def add(self, stream: StreamId, gap: ReportedGap, *, attempt: int) -> None:
        """Keep a gap, once."""
        new = insert(gaps).values(organization_id=self.organization, stream_id=stream, attempt=attempt, **asdict(gap))
        await self.transaction.execute(new.on_conflict_do_nothing())

    async def of(self, stream: StreamId) -> Sequence[ReportedGap]:
        """All of them."""
        query = sa.select(gaps).where(gaps.c.stream_id == stream).order_by(gaps.c.start_ms, gaps.c.modality)
        return [
            ReportedGap(Modality(row.modality), row.start_ms, row.end_ms, row.code, row.reason)
            for row in await self.transaction.execute(query)
        ]

    async def fill(self, stream: StreamId, measurement: Measurement, *, attempt: int) -> None:
        """Forget gaps that lie within what was measured now: of earlier attempts, and what seemed never to come."""
        measured = {modality_of(piece.signal) for piece in measurement.pieces}
        await self.transaction.execute(
            sa.delete(gaps).where(
                gaps.c.stream_id == stream,
                sa.or_(gaps.c.attempt < attempt, gaps.c.code == NEVER_CAME),
                gaps.c.modality.in_(measured),
                gaps.c.start_ms >= measurement.start_ms,
                gaps.c.end_ms <= measurement.complete_until_ms,
            )
        )
