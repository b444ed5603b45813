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
        masks = sa.or_(gaps.c.masks, new.excluded.masks)
        keys = [column.name for column in gaps.primary_key]
        await self.transaction.execute(new.on_conflict_do_update(index_elements=keys, set_={"masks": masks}))

    async def of(self, stream: StreamId, since_ms: int = 0) -> Sequence[ReportedGap]:
        """Those that end after `since_ms`."""
        query = sa.select(gaps).where(gaps.c.stream_id == stream, gaps.c.end_ms > since_ms)
        query = query.order_by(gaps.c.start_ms, gaps.c.modality)
        return [
            ReportedGap(Modality(row.modality), row.start_ms, row.end_ms, row.code, row.reason, row.masks)
            for row in await self.transaction.execute(query)
        ]

    async def lengthen(self, stream: StreamId, end_ms: int, by: Sequence[ReportedGap]) -> bool:
        """Move its end."""
        found = 0
        for gap in by:
            same = (gaps.c.stream_id == stream, gaps.c.modality == gap.modality, gaps.c.code == gap.code)
            moved = sa.update(gaps).where(*same, gaps.c.end_ms == end_ms).values(end_ms=gap.end_ms)
            found += len((await self.transaction.execute(moved.returning(gaps.c.start_ms))).all())
        return found > 0

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
