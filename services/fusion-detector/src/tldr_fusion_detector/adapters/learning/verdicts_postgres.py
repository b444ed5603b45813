"""Verdicts in PostgreSQL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tldr_contracts.ids import HighlightId, StreamId
from tldr_database import Transaction
from tldr_fusion_detector.adapters.tables import highlights, verdicts
from tldr_fusion_detector.application.learning.feedback_ports import MOST_VERDICTS
from tldr_fusion_detector.application.learning.verdict import Opinion, Tally, Verdict
from tldr_fusion_detector.application.scoring.scorer_record import Moment
from tldr_fusion_detector.domain.learning.feedback import Judged


@dataclass(frozen=True, slots=True)
class PostgresVerdicts:
    """Verdicts of the organization that the transaction is bound to."""

    transaction: Transaction
    organization: str
    most: int = MOST_VERDICTS

    async def get(self, highlight: HighlightId) -> Verdict | None:
        """That on a highlight."""
        query = sa.select(verdicts).where(verdicts.c.highlight_id == highlight)
        row = (await self.transaction.execute(query)).one_or_none()
        return _verdict(row) if row else None

    async def page(
        self, *, opinion: Opinion | None, stream: StreamId | None, before: tuple[datetime, str] | None, limit: int
    ) -> Sequence[Verdict]:
        """The newest first, those behind a time and an id."""
        place = (verdicts.c.decided_at, verdicts.c.highlight_id)
        query = sa.select(verdicts).order_by(*(column.desc() for column in place)).limit(limit)
        if opinion is not None:
            query = query.where(verdicts.c.verdict == opinion)
        if stream is not None:
            query = query.where(verdicts.c.stream_id == stream)
        if before is not None:
            query = query.where(sa.tuple_(*place) < before)
        return [_verdict(row) for row in await self.transaction.execute(query)]

    async def put(self, verdict: Verdict) -> Verdict:
        """Keep it; the oldest beyond the limit go."""
        values: dict[str, Any] = {
            "verdict": verdict.opinion,
            "start_ms": verdict.start_ms,
            "end_ms": verdict.end_ms,
            "score": verdict.score,
            "published": verdict.published,
            "confidence": verdict.confidence,
            "dimension_set": verdict.dimension_set,
            "decided_at": sa.func.now(),
        }
        new = insert(verdicts).values(
            organization_id=self.organization, highlight_id=verdict.highlight, stream_id=verdict.stream, **values
        )
        kept = new.on_conflict_do_update(index_elements=["highlight_id"], set_=values).returning(verdicts)
        row = (await self.transaction.execute(kept)).one()
        newest_first = (verdicts.c.decided_at.desc(), verdicts.c.highlight_id.desc())
        mine = sa.select(verdicts.c.highlight_id).where(verdicts.c.organization_id == self.organization)
        too_old = mine.order_by(*newest_first).offset(self.most)
        await self.transaction.execute(sa.delete(verdicts).where(verdicts.c.highlight_id.in_(too_old)))
        return _verdict(row)

    async def delete(self, highlight: HighlightId) -> bool:
        """Forget it; whether there was one."""
        return await self._deleted(verdicts.c.highlight_id == highlight)

    async def forget(self, stream: StreamId) -> bool:
        """Forget those on a stream's highlights; whether there were any."""
        return await self._deleted(verdicts.c.stream_id == stream)

    async def judged(self) -> Mapping[str, Sequence[Judged]]:
        """All of them by dimension set."""
        columns = verdicts.c.dimension_set, verdicts.c.highlight_id, verdicts.c.confidence, verdicts.c.verdict
        found: dict[str, list[Judged]] = {}
        for name, highlight, confidence, opinion in await self.transaction.execute(sa.select(*columns)):
            judged = Judged(highlight, confidence, opinion == Opinion.ACCEPTED)
            found.setdefault(name, []).append(judged)
        return found

    async def kept_moments(self, at_most: int) -> Sequence[Moment]:
        """Accepted highlights that are still there, with the times that the customer gave them; the newest verdicts."""
        figures = highlights.c.figures
        start = sa.func.coalesce(verdicts.c.start_ms, figures["start_ms"].as_integer())
        end = sa.func.coalesce(verdicts.c.end_ms, figures["end_ms"].as_integer())
        query = sa.select(verdicts.c.stream_id, start, end).where(
            verdicts.c.highlight_id == highlights.c.highlight_id, verdicts.c.verdict == Opinion.ACCEPTED
        )
        newest = query.order_by(verdicts.c.decided_at.desc(), verdicts.c.highlight_id.desc()).limit(at_most)
        return [Moment(StreamId(stream), *times) for stream, *times in await self.transaction.execute(newest)]

    async def tallies(self) -> Sequence[Tally]:
        """Counts, in order of the dimension set's name."""
        accepted = sa.func.count().filter(verdicts.c.verdict == Opinion.ACCEPTED)
        query = sa.select(verdicts.c.dimension_set, accepted, sa.func.count() - accepted)
        grouped = query.group_by(verdicts.c.dimension_set).order_by(verdicts.c.dimension_set)
        return [Tally(*row) for row in await self.transaction.execute(grouped)]

    async def _deleted(self, which: sa.ColumnElement[bool]) -> bool:
        gone = await self.transaction.execute(sa.delete(verdicts).where(which).returning(verdicts.c.highlight_id))
        return bool(gone.all())


def _verdict(row: Any) -> Verdict:
    return Verdict(
        highlight=HighlightId(row.highlight_id),
        stream=StreamId(row.stream_id),
        opinion=Opinion(row.verdict),
        start_ms=row.start_ms,
        end_ms=row.end_ms,
        score=row.score,
        published=row.published,
        confidence=row.confidence,
        dimension_set=row.dimension_set,
        decided_at=row.decided_at,
    )
