"""Evidence in PostgreSQL."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tldr_contracts.ids import RunId
from tldr_database import Transaction
from tldr_fusion_detector.adapters.tables import evidence
from tldr_fusion_detector.application.moments.run_record import RunRecord
from tldr_fusion_detector.domain.moments.evidence import Evidence


@dataclass(frozen=True, slots=True)
class PostgresEvidence:
    """Fingerprints of the runs of the organization that the transaction is bound to."""

    transaction: Transaction
    organization: str

    async def keep(self, run: RunRecord, found: Evidence) -> None:
        """Write it down, once."""
        new = insert(evidence).values(
            organization_id=self.organization,
            run_id=run.id,
            stream_id=run.stream,
            signals=dict(found.signals),
            highlights=dict(found.highlights),
        )
        await self.transaction.execute(new.on_conflict_do_nothing())

    async def of(self, run: RunId) -> Evidence | None:
        """That of a run."""
        row = (await self.transaction.execute(sa.select(evidence).where(evidence.c.run_id == run))).one_or_none()
        return Evidence(row.signals, row.highlights) if row else None
