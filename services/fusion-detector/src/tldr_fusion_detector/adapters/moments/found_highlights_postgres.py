"""Found highlights in PostgreSQL: identity and state in columns, figures as one document."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tldr_contracts.ids import HighlightId, RunId
from tldr_database import Transaction
from tldr_fusion_detector.adapters.tables import highlights
from tldr_fusion_detector.application.moments.found_highlight import FoundHighlight, FoundState
from tldr_fusion_detector.application.moments.run_record import RunRecord
from tldr_fusion_detector.domain.moments.detection import Highlight
from tldr_fusion_detector.domain.scoring.ledger import Contribution, DimensionScore
from tldr_fusion_detector.domain.signals.signals import Modality


@dataclass(frozen=True, slots=True)
class PostgresFoundHighlights:
    """Highlights of the runs of the organization that the transaction is bound to."""

    transaction: Transaction
    organization: str

    async def of_run(self, run: RunId) -> Sequence[FoundHighlight]:
        """All of them, the retracted ones too."""
        query = sa.select(highlights).where(highlights.c.run_id == run).order_by(highlights.c.highlight_id)
        return [_found(row) for row in await self.transaction.execute(query)]

    async def provisional(self, run: RunId) -> Sequence[FoundHighlight]:
        """Those that may still change."""
        provisional: sa.ColumnElement[str] = sa.literal_column("'provisional'")  # written out, as in the index of them
        query = sa.select(highlights).where(highlights.c.run_id == run, highlights.c.state == provisional)
        rows = await self.transaction.execute(query.order_by(highlights.c.highlight_id))
        return [_found(row) for row in rows]

    async def find(self, highlight: HighlightId) -> tuple[RunId, FoundHighlight] | None:
        """One of them, with its run."""
        query = sa.select(highlights).where(highlights.c.highlight_id == highlight)
        row = (await self.transaction.execute(query)).one_or_none()
        return (RunId(row.run_id), _found(row)) if row else None

    async def put(self, run: RunRecord, found: Sequence[FoundHighlight]) -> None:
        """Add them or replace them."""
        if not found:
            return
        rows = [
            {
                "organization_id": self.organization,
                "highlight_id": one.id,
                "run_id": run.id,
                "stream_id": run.stream,
                "revision": one.revision,
                "state": one.state,
                "figures": asdict(one.highlight),
            }
            for one in found
        ]
        new = insert(highlights).values(rows)
        changed = {name: new.excluded[name] for name in ("revision", "state", "figures")}
        await self.transaction.execute(new.on_conflict_do_update(index_elements=["highlight_id"], set_=changed))


def _found(row: Any) -> FoundHighlight:
    return FoundHighlight(HighlightId(row.highlight_id), row.revision, FoundState(row.state), _highlight(row.figures))


def _highlight(figures: Mapping[str, Any]) -> Highlight:
    return Highlight(
        start_ms=figures["start_ms"],
        end_ms=figures["end_ms"],
        peak_ms=figures["peak_ms"],
        types=tuple(figures["types"]),
        score=float(figures["score"]),
        confidence=float(figures["confidence"]),
        title=figures["title"],
        reason=figures["reason"],
        dimensions=tuple(DimensionScore(**part) for part in figures["dimensions"]),
        contributions=tuple(Contribution(**part) for part in figures["contributions"]),
        missing=tuple(Modality(name) for name in figures["missing"]),
    )
