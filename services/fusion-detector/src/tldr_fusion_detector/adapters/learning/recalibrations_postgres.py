"""Recalibrations in PostgreSQL: one row for each dimension set, in force or not."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tldr_database import Transaction
from tldr_fusion_detector.adapters.tables import recalibrations
from tldr_fusion_detector.domain.learning.feedback import Recalibration


@dataclass(frozen=True, slots=True)
class PostgresRecalibrations:
    """Recalibrations of the organization that the transaction is bound to."""

    transaction: Transaction
    organization: str

    async def in_force(self) -> Mapping[str, Recalibration]:
        """Those that new runs are made with, by dimension set."""
        rows = await self.transaction.execute(sa.select(recalibrations).where(recalibrations.c.in_force))
        return {
            row.dimension_set: Recalibration(row.slope, row.intercept, row.verdicts, row.gain, row.version)
            for row in rows
        }

    async def put(self, dimension_set: str, recalibration: Recalibration) -> None:
        """Put one into force as the next version."""
        values = {
            "in_force": True,
            "slope": recalibration.slope,
            "intercept": recalibration.intercept,
            "verdicts": recalibration.verdicts,
            "gain": recalibration.gain,
        }
        new = insert(recalibrations).values(
            organization_id=self.organization, dimension_set=dimension_set, version=1, **values
        )
        changed = {**values, "version": recalibrations.c.version + 1}
        keys = ["organization_id", "dimension_set"]
        await self.transaction.execute(new.on_conflict_do_update(index_elements=keys, set_=changed))

    async def retire(self, dimension_set: str) -> None:
        """Put none into force."""
        mine = recalibrations.c.dimension_set == dimension_set
        await self.transaction.execute(sa.update(recalibrations).where(mine).values(in_force=False))
