"""Highlights in PostgreSQL."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tldr_contracts.ids import HighlightId, RunId, StreamId
from tldr_database import Transaction
from tldr_highlight_store.adapters.tables import highlights, streams
from tldr_highlight_store.domain.highlights.edits import Edits, Trim, Verdict
from tldr_highlight_store.domain.highlights.highlight import ClipState, Highlight, HighlightState
from tldr_streams.values import Failure, StoredObject

_BY_ID = sa.select(highlights).where(highlights.c.highlight_id == sa.bindparam("highlight"))


@dataclass(frozen=True, slots=True)
class PostgresHighlights:
    """Highlights of the organization that the transaction is bound to."""

    transaction: Transaction
    organization: str

    async def get(self, highlight: HighlightId) -> Highlight | None:
        """One of them."""
        row = (await self.transaction.execute(_BY_ID, {"highlight": highlight})).one_or_none()
        return highlight_of_row(row) if row else None

    async def put(self, highlight: Highlight) -> None:
        """Add it, or replace it as a whole."""
        values = _values(highlight)
        new = insert(highlights).values(organization_id=self.organization, highlight_id=highlight.id, **values)
        await self.transaction.execute(new.on_conflict_do_update(index_elements=["highlight_id"], set_=values))

    async def of_run(self, run: RunId) -> Sequence[Highlight]:
        """Those of a run, in order of time."""
        rows = await self.transaction.execute(
            sa.select(highlights)
            .where(highlights.c.run_id == run)
            .order_by(highlights.c.start_ms, highlights.c.highlight_id)
        )
        return [highlight_of_row(row) for row in rows]

    async def waiting(self, stream: StreamId, after_ms: int, until_ms: int | None) -> Sequence[Highlight]:
        """Those of a stream that have no clip yet and end in (after_ms, until_ms], or at any time after `after_ms`."""
        query = sa.select(highlights).where(
            highlights.c.stream_id == stream, highlights.c.cut == ClipState.WAITING, highlights.c.end_ms > after_ms
        )
        if until_ms is not None:
            query = query.where(highlights.c.end_ms <= until_ms)
        return [highlight_of_row(row) for row in await self.transaction.execute(query)]

    async def page(
        self, stream: StreamId, *, after: tuple[int, str] | None, limit: int, run: RunId | None = None
    ) -> Sequence[Highlight]:
        """Those of a run, else of the stream's default run, or of the latest one (ids grow) while none has settled."""
        latest = sa.select(sa.func.max(highlights.c.run_id)).where(highlights.c.stream_id == stream).scalar_subquery()
        shown = sa.func.coalesce(sa.cast(run, sa.Text), streams.c.default_run, latest)
        query = (
            sa.select(highlights)
            .join(streams, streams.c.stream_id == highlights.c.stream_id)
            .where(
                highlights.c.stream_id == stream,
                highlights.c.run_id == shown,
                highlights.c.state != HighlightState.RETRACTED,
            )
            .order_by(highlights.c.start_ms, highlights.c.highlight_id)
            .limit(limit)
        )
        if after is not None:
            query = query.where(sa.tuple_(highlights.c.start_ms, highlights.c.highlight_id) > after)
        return [highlight_of_row(row) for row in await self.transaction.execute(query)]


def _values(highlight: Highlight) -> dict[str, Any]:
    return {
        "stream_id": highlight.stream,
        "run_id": highlight.run,
        "revision": highlight.revision,
        "state": highlight.state,
        "start_ms": highlight.start_ms,
        "end_ms": highlight.end_ms,
        "peak_ms": highlight.peak_ms,
        "details": dict(highlight.details),
        "cut": highlight.cut,
        "clip": _stored_values(highlight.clip),
        "thumbnail": _stored_values(highlight.thumbnail),
        "failure_code": highlight.failure.code if highlight.failure else None,
        "failure_reason": highlight.failure.reason if highlight.failure else None,
        "rescore": highlight.rescore,
        "clip_wanted": highlight.wanted,
        "title": highlight.edits.title,
        "description": highlight.edits.description,
        "tags": list(highlight.edits.tags),
        "verdict": highlight.verdict,
        "trim": asdict(highlight.trim) if highlight.trim else None,
        "deleted": highlight.deleted,
    }


def highlight_of_row(row: Any) -> Highlight:
    """The highlight that a row holds."""
    return Highlight(
        id=row.highlight_id,
        stream=row.stream_id,
        run=row.run_id,
        revision=row.revision,
        state=HighlightState(row.state),
        start_ms=row.start_ms,
        end_ms=row.end_ms,
        peak_ms=row.peak_ms,
        details=row.details,
        cut=ClipState(row.cut),
        clip=_stored(row.clip),
        thumbnail=_stored(row.thumbnail),
        failure=Failure(row.failure_code, row.failure_reason) if row.failure_code else None,
        rescore=row.rescore,
        wanted=row.clip_wanted,
        edits=Edits(row.title, row.description, tuple(row.tags)),
        verdict=Verdict(row.verdict) if row.verdict else None,
        trim=_trim(row.trim),
        deleted=row.deleted,
        created_at=row.created_at,
    )


def _trim(values: dict[str, Any] | None) -> Trim | None:
    if values is None:
        return None
    failure = Failure(**values["failure"]) if values["failure"] else None
    return Trim(values["revision"], values["start_ms"], values["end_ms"], failure)


def _stored_values(stored: StoredObject | None) -> dict[str, Any] | None:
    return {**asdict(stored), "sha256": stored.sha256.hex()} if stored else None


def _stored(values: dict[str, Any] | None) -> StoredObject | None:
    return StoredObject(**{**values, "sha256": bytes.fromhex(values["sha256"])}) if values else None
