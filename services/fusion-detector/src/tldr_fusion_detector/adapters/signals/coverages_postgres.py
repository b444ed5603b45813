"""How far modalities are, in PostgreSQL."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tldr_contracts.ids import StreamId
from tldr_database import Transaction, driver
from tldr_fusion_detector.adapters.tables import coverages
from tldr_fusion_detector.application.signals.coverage import ModalityState
from tldr_fusion_detector.domain.signals.signals import Modality
from tldr_streams.values import Failure

# Said with every measurement: SQLAlchemy would compile an insert of several rows anew each time.
_EXTEND = """
WITH before AS (
    SELECT modality, complete_until_ms FROM coverages WHERE stream_id = $2 AND modality = ANY($3::text[])
), extended AS (
INSERT INTO coverages (organization_id, stream_id, modality, complete_until_ms)
SELECT $1, $2, modality, $4 FROM unnest($3::text[]) AS modality
ON CONFLICT (stream_id, modality)
DO UPDATE SET complete_until_ms = greatest(coverages.complete_until_ms, excluded.complete_until_ms),
    moved_at = CASE WHEN excluded.complete_until_ms > coverages.complete_until_ms THEN now() ELSE coverages.moved_at END
)
SELECT modality, complete_until_ms FROM before
"""


@dataclass(frozen=True, slots=True)
class PostgresCoverages:
    """Modalities of the streams of the organization that the transaction is bound to."""

    transaction: Transaction
    organization: str

    async def of(self, stream: StreamId) -> Mapping[Modality, ModalityState]:
        """All that something was said of."""
        silent_ms = sa.cast(1000 * sa.func.extract("epoch", sa.func.now() - coverages.c.moved_at), sa.BigInteger)
        query = sa.select(coverages, silent_ms.label("silent_ms")).where(coverages.c.stream_id == stream)
        rows = await self.transaction.execute(query)
        return {
            Modality(row.modality): ModalityState(
                complete_until_ms=row.complete_until_ms,
                ended_attempt=row.ended_attempt,
                duration_ms=row.duration_ms,
                failure=Failure(row.failure_code, row.failure_reason) if row.failure_code is not None else None,
                silent_ms=max(row.silent_ms, 0),
            )
            for row in rows
        }

    async def extend(self, stream: StreamId, modalities: Iterable[Modality], until_ms: int) -> Mapping[Modality, int]:
        """Move each of them forward; up to where they were before."""
        names = [str(modality) for modality in modalities]
        rows = await (await driver(self.transaction)).fetch(_EXTEND, self.organization, stream, names, until_ms)
        return dict.fromkeys(map(Modality, names), 0) | {Modality(name): before_ms for name, before_ms in rows}

    async def skip(self, stream: StreamId, modality: Modality, until_ms: int) -> None:
        """Move it forward, but not the time at which it moved."""
        row = {"organization_id": self.organization, "stream_id": stream, "modality": modality}
        new = insert(coverages).values(**row, complete_until_ms=until_ms)
        further = sa.func.greatest(coverages.c.complete_until_ms, new.excluded.complete_until_ms)
        keys = ["stream_id", "modality"]
        await self.transaction.execute(
            new.on_conflict_do_update(index_elements=keys, set_={"complete_until_ms": further})
        )

    async def end(
        self, stream: StreamId, modality: Modality, *, attempt: int, duration_ms: int, failure: Failure | None
    ) -> None:
        """Write the end of the latest attempt."""
        values = {
            "ended_attempt": attempt,
            "duration_ms": duration_ms,
            "failure_code": failure.code if failure else None,
            "failure_reason": failure.reason if failure else None,
        }
        new = insert(coverages).values(organization_id=self.organization, stream_id=stream, modality=modality, **values)
        await self.transaction.execute(
            new.on_conflict_do_update(
                index_elements=["stream_id", "modality"],
                set_=values,
                where=coverages.c.ended_attempt <= new.excluded.ended_attempt,
            )
        )
