"""Scorers in PostgreSQL: figures and document in one row."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tldr_bus import lock_subjects
from tldr_contracts.ids import ScorerId
from tldr_database import Transaction
from tldr_fusion_detector.adapters.scoring.scorer_shelf import ScorerShelf, digest_of
from tldr_fusion_detector.adapters.tables import scorers
from tldr_fusion_detector.application.scoring.scorer_record import (
    WAITING,
    LeftOut,
    PinnedScorer,
    ScorerRecord,
    ScorerState,
    TrainingProgress,
)
from tldr_fusion_detector.domain.scoring.scorer.scorer import Provenance, Scorer
from tldr_streams.values import Failure

_RECORD = [column for column in scorers.c if column.name != "document"]
_SHOWN = scorers.c.hidden.is_(False)


@dataclass(frozen=True, slots=True)
class PostgresScorers:
    """Scorers of the organization that the transaction is bound to."""

    transaction: Transaction
    organization: str
    shelf: ScorerShelf

    async def lock(self) -> None:
        """Under a lock of the organization's own."""
        await lock_subjects(self.transaction, f"scorers of {self.organization}")

    async def add(self, scorer: ScorerId, name: str) -> ScorerRecord:
        """Insert it; what was deleted and is still referred to counts as a version."""
        mine = sa.and_(scorers.c.organization_id == self.organization, scorers.c.name == name)
        version = sa.select(sa.func.coalesce(sa.func.max(scorers.c.version), 0) + 1).where(mine).scalar_subquery()
        new = insert(scorers).values(
            organization_id=self.organization,
            scorer_id=scorer,
            name=name,
            version=version,
            state=ScorerState.TRAINING,
        )
        return _record((await self.transaction.execute(new.returning(*_RECORD))).one())

    async def all(self) -> Sequence[ScorerRecord]:
        """All that are shown, newest first; ids grow."""
        rows = await self.transaction.execute(sa.select(*_RECORD).where(_SHOWN).order_by(scorers.c.scorer_id.desc()))
        return [_record(row) for row in rows]

    async def get(self, scorer: ScorerId) -> ScorerRecord | None:
        """One of them."""
        wanted = sa.select(*_RECORD).where(_SHOWN, scorers.c.scorer_id == scorer)
        row = (await self.transaction.execute(wanted)).one_or_none()
        return _record(row) if row else None

    async def document(self, scorer: ScorerId) -> bytes | None:
        """Its document, of a removed one too."""
        wanted = sa.select(scorers.c.document).where(scorers.c.scorer_id == scorer)
        return (await self.transaction.execute(wanted)).scalar_one_or_none()

    async def show(self, scorer: ScorerId, progress: TrainingProgress) -> None:
        """It stays when the training ends, and is not read any longer."""
        await self._change(scorer, progress=asdict(progress))

    async def leave_out(self, scorer: ScorerId, left_out: Mapping[LeftOut, int]) -> None:
        """As an object."""
        await self._change(scorer, left_out=dict(left_out))

    async def keep(self, scorer: ScorerId, document: bytes, provenance: Provenance) -> None:
        """It is ready."""
        figures = {"provenance": asdict(provenance), "digest": digest_of(document), "document": document}
        await self._change(scorer, state=ScorerState.READY, **figures)

    async def end(self, scorer: ScorerId, state: ScorerState, failure: Failure) -> None:
        """It will not be ready."""
        await self._change(scorer, state=state, failure_code=failure.code, failure_reason=failure.reason)

    async def activate(self, scorer: ScorerId | None) -> None:
        """First none, so that there is never a second."""
        await self.transaction.execute(sa.update(scorers).where(scorers.c.active).values(active=False))
        if scorer is not None:
            await self._change(scorer, active=True)

    async def remove(self, scorer: ScorerId) -> None:
        """Hide it where a run may refer to it: the sweep deletes it when none does. Else delete it."""
        await self._change(scorer, active=False, hidden=True)
        unused = sa.delete(scorers).where(scorers.c.scorer_id == scorer, scorers.c.state != ScorerState.READY)
        await self.transaction.execute(unused)

    async def active(self) -> PinnedScorer | None:
        """The active one, locked against removal: the run that pins it is committed before it can be hidden."""
        row = (
            await self.transaction.execute(sa.select(*_RECORD).where(scorers.c.active).with_for_update(read=True))
        ).one_or_none()
        return PinnedScorer(ScorerId(row.scorer_id), row.digest) if row and not _record(row).outdated else None

    async def read(self, pinned: PinnedScorer | None) -> Scorer | None:
        """What a run pinned, from the shelf."""
        if pinned is None:
            return None
        return await self.shelf.take(pinned.digest, lambda: self.document(pinned.id))

    async def _change(self, scorer: ScorerId, **values: Any) -> None:
        await self.transaction.execute(sa.update(scorers).where(scorers.c.scorer_id == scorer).values(**values))


def _record(row: Any) -> ScorerRecord:
    return ScorerRecord(
        id=ScorerId(row.scorer_id),
        name=row.name,
        version=row.version,
        state=ScorerState(row.state),
        created_at=row.created_at,
        active=row.active,
        failure=Failure(row.failure_code, row.failure_reason) if row.failure_code is not None else None,
        provenance=Provenance(**row.provenance) if row.provenance else None,
        progress=_progress(row),
        left_out=_left_out(row),
    )


def _progress(row: Any) -> TrainingProgress | None:
    if row.state != ScorerState.TRAINING:
        return None
    return TrainingProgress(**row.progress) if row.progress else WAITING


def _left_out(row: Any) -> Mapping[LeftOut, int] | None:
    if row.left_out is None:
        return None
    return {LeftOut(reason): count for reason, count in row.left_out.items()}
