"""Runs in PostgreSQL."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tldr_contracts.ids import HighlightId, RunId, StreamId
from tldr_database import Transaction
from tldr_highlight_store.adapters.tables import runs
from tldr_highlight_store.domain.highlights.run import Gap, Run
from tldr_streams.values import Failure


@dataclass(frozen=True, slots=True)
class PostgresRuns:
    """Runs of the organization that the transaction is bound to."""

    transaction: Transaction
    organization: str

    async def get(self, run: RunId) -> Run | None:
        """One of them."""
        row = (await self.transaction.execute(sa.select(runs).where(runs.c.run_id == run))).one_or_none()
        return _run(row) if row else None

    async def put(self, run: Run) -> None:
        """Add it or replace it as a whole."""
        values: dict[str, Any] = {
            "stream_id": run.stream,
            "attempt": run.attempt,
            "highlights": list(run.highlights),
            "duration_ms": run.duration_ms,
            "gaps": [asdict(gap) for gap in run.gaps],
            "failure_code": run.failure.code if run.failure else None,
            "failure_reason": run.failure.reason if run.failure else None,
            "settled": run.settled,
            "rescore": run.rescore,
        }
        new = insert(runs).values(organization_id=self.organization, run_id=run.id, **values)
        await self.transaction.execute(new.on_conflict_do_update(index_elements=["run_id"], set_=values))

    async def newest_settled(self, stream: StreamId, *, besides: Sequence[RunId]) -> RunId | None:
        """The newest of a stream's that settled without a failure."""
        good = sa.and_(runs.c.settled, runs.c.failure_code.is_(None), runs.c.run_id.not_in(besides))
        query = sa.select(sa.func.max(runs.c.run_id)).where(runs.c.stream_id == stream, good)
        found = (await self.transaction.execute(query)).scalar_one()
        return RunId(found) if found else None


def _run(row: Any) -> Run:
    return Run(
        id=RunId(row.run_id),
        stream=row.stream_id,
        attempt=row.attempt,
        highlights=tuple(HighlightId(found) for found in row.highlights),
        duration_ms=row.duration_ms,
        gaps=tuple(Gap(**gap) for gap in row.gaps),
        failure=Failure(row.failure_code, row.failure_reason) if row.failure_code else None,
        settled=row.settled,
        rescore=row.rescore,
    )
