"""Runs in PostgreSQL."""

from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tldr_contracts.ids import RunId, StreamId
from tldr_database import Transaction
from tldr_fusion_detector.adapters.signals.signals_postgres import pack, unpack
from tldr_fusion_detector.adapters.tables import runs
from tldr_fusion_detector.application.moments.run_record import RunRecord, RunState
from tldr_fusion_detector.application.scoring.scorer_record import PinnedScorer
from tldr_fusion_detector.domain.learning.feedback import Recalibration
from tldr_fusion_detector.domain.signals.baseline import Mode
from tldr_fusion_detector.domain.signals.reaction_lag import Lag
from tldr_fusion_detector.domain.signals.signals import Floats
from tldr_streams.values import Failure

_RECORD = [column for column in runs.c if column.name != "scores"]


@dataclass(frozen=True, slots=True)
class PostgresRuns:
    """Runs of the organization that the transaction is bound to."""

    transaction: Transaction
    organization: str

    async def get(self, run: RunId) -> RunRecord | None:
        """One of them."""
        row = (await self.transaction.execute(sa.select(*_RECORD).where(runs.c.run_id == run))).one_or_none()
        return _record(row) if row else None

    async def put(self, run: RunRecord) -> None:
        """Add it or replace it."""
        values: dict[str, Any] = {
            "stream_id": run.stream,
            "attempt": run.attempt,
            "mode": run.mode,
            "profile": dict(run.profile),
            "calibration_version": run.calibration_version,
            "state": run.state,
            "rescore": run.rescore,
            "recalibration": asdict(run.recalibration) if run.recalibration else None,
            "vocabulary": dict(run.vocabulary) if run.vocabulary is not None else None,
            "scorer": asdict(run.scorer) if run.scorer else None,
            "watermark_ms": run.watermark_ms,
            "duration_ms": run.duration_ms,
            "lag_s": run.lag.seconds if run.lag else None,
            "lag_sigma": run.lag.sigma if run.lag else None,
            "lag_evidence": run.lag.evidence if run.lag else None,
            "failure_code": run.failure.code if run.failure else None,
            "failure_reason": run.failure.reason if run.failure else None,
        }
        new = insert(runs).values(organization_id=self.organization, run_id=run.id, **values)
        await self.transaction.execute(new.on_conflict_do_update(index_elements=["run_id"], set_=values))

    async def moved(self, run: RunRecord) -> None:
        """Without the documents of the run, which are large."""
        moved = sa.update(runs).where(runs.c.run_id == run.id)
        await self.transaction.execute(moved.values(watermark_ms=run.watermark_ms))

    async def keep_scores(self, run: RunId, scores: Floats) -> None:
        """Write the scores beside the run."""
        await self.transaction.execute(sa.update(runs).where(runs.c.run_id == run).values(scores=pack(scores)))

    async def scores(self, run: RunId) -> Floats | None:
        """The kept scores."""
        samples = (await self.transaction.execute(sa.select(runs.c.scores).where(runs.c.run_id == run))).scalar()
        return None if samples is None else unpack(samples)


def _record(row: Any) -> RunRecord:
    return RunRecord(
        id=RunId(row.run_id),
        stream=StreamId(row.stream_id),
        attempt=row.attempt,
        mode=Mode(row.mode),
        profile=row.profile,
        calibration_version=row.calibration_version,
        state=RunState(row.state),
        rescore=row.rescore,
        recalibration=Recalibration(**row.recalibration) if row.recalibration else None,
        vocabulary=row.vocabulary,
        scorer=PinnedScorer(**row.scorer) if row.scorer else None,
        watermark_ms=row.watermark_ms,
        duration_ms=row.duration_ms,
        lag=Lag(row.lag_s, row.lag_sigma, row.lag_evidence) if row.lag_s is not None else None,
        failure=Failure(row.failure_code, row.failure_reason) if row.failure_code is not None else None,
    )
