"""Runs of streams in PostgreSQL."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tldr_contracts.ids import RunId, StreamId
from tldr_database import Transaction
from tldr_gateway.adapters.tables import runs
from tldr_gateway.domain.runs.run import Run, RunState
from tldr_gateway.domain.streams.stream import Failure
from tldr_gateway.domain.streams.submission import Profile


@dataclass(frozen=True, slots=True)
class PostgresRuns:
    """Runs of the organization that the transaction is bound to."""

    transaction: Transaction
    organization: str

    async def get(self, stream: StreamId, run: RunId) -> Run | None:
        """One of a stream's."""
        query = sa.select(runs).where(runs.c.stream_id == stream, runs.c.run_id == run)
        row = (await self.transaction.execute(query)).one_or_none()
        return _run(row) if row else None

    async def put(self, run: Run) -> None:
        """Add it, or replace it as a whole."""
        values: dict[str, Any] = {
            "state": run.state,
            "profile": asdict(run.profile),
            "created_at": run.created_at,
            "completed_at": run.completed_at,
            "highlights": run.highlights,
            "make_default": run.make_default,
            "failure_code": run.failure.code if run.failure else None,
            "failure_reason": run.failure.reason if run.failure else None,
        }
        new = insert(runs).values(organization_id=self.organization, stream_id=run.stream, run_id=run.id, **values)
        await self.transaction.execute(new.on_conflict_do_update(index_elements=["stream_id", "run_id"], set_=values))

    async def of_stream(self, stream: StreamId) -> Sequence[Run]:
        """Those of a stream, oldest first."""
        query = sa.select(runs).where(runs.c.stream_id == stream).order_by(runs.c.run_id)
        return [_run(row) for row in await self.transaction.execute(query)]

    async def waiting(self) -> int:
        """How many have not settled."""
        query = sa.select(sa.func.count()).where(runs.c.state.in_([RunState.PENDING, RunState.PROCESSING]))
        return int((await self.transaction.execute(query)).scalar_one())


def _run(row: Any) -> Run:
    return Run(
        id=RunId(row.run_id),
        stream=StreamId(row.stream_id),
        state=RunState(row.state),
        profile=Profile(**row.profile),
        created_at=row.created_at,
        completed_at=row.completed_at,
        highlights=row.highlights,
        failure=Failure(row.failure_code, row.failure_reason) if row.failure_code else None,
        make_default=row.make_default,
    )
