"""Lists of highlights in PostgreSQL, each page found by the index of its order from where the one before ended."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from tldr_database import Transaction
from tldr_highlight_store.adapters.highlights.highlights_postgres import highlight_of_row
from tldr_highlight_store.adapters.tables import highlight_labels, highlights
from tldr_highlight_store.domain.highlights.highlight import HighlightState
from tldr_highlight_store.domain.highlights.listing import Filter, Page, Position, Sort, place_of

_Condition = sa.ColumnElement[bool]
_at = highlights.c


def _named(state: HighlightState) -> sa.ColumnElement[str]:
    """As it stands in the indexes' conditions: one with a parameter in its place is not recognised."""
    return sa.literal(state.value, sa.Text, literal_execute=True)


_THERE = _at.state.in_([_named(HighlightState.PROVISIONAL), _named(HighlightState.FINAL)])


@dataclass(frozen=True, slots=True)
class PostgresLists:
    """Lists of the organization that the transaction is bound to."""

    transaction: Transaction

    async def page(self, wanted: Filter, sort: Sort, *, descending: bool, after: Position | None, limit: int) -> Page:
        """Up to `limit` of those wanted, behind `after`."""
        place = sa.tuple_(_at[sort.value], _at.highlight_id)
        query = sa.select(highlights).where(*_conditions(wanted, await self._words(wanted.text))).limit(limit + 1)
        if after is not None:
            behind = sa.tuple_(
                sa.literal(after.value, _at[sort.value].type), sa.literal(after.id, _at.highlight_id.type)
            )
            query = query.where(place < behind if descending else place > behind)
        ordered = [column.desc() if descending else column.asc() for column in (_at[sort.value], _at.highlight_id)]
        rows = await self.transaction.execute(query.order_by(*ordered))
        found = tuple(highlight_of_row(row) for row in rows)
        more = len(found) > limit
        return Page(found[:limit], place_of(found[limit - 1], sort) if more else None)

    async def count(self, wanted: Filter, *, at_most: int) -> int:
        """How many are wanted; not counted beyond `at_most`."""
        some = (
            sa.select(sa.literal(1))
            .select_from(highlights)
            .where(*_conditions(wanted, await self._words(wanted.text)))
            .limit(at_most)
            .subquery()
        )
        return int((await self.transaction.execute(sa.select(sa.func.count()).select_from(some))).scalar_one())

    async def _words(self, text: str | None) -> Sequence[str]:
        """The words of a text as those of highlights were told apart."""
        if text is None:
            return ()
        words = sa.func.tsvector_to_array(sa.func.to_tsvector(sa.text("'simple'"), text), type_=ARRAY(sa.Text))
        return list((await self.transaction.execute(sa.select(words))).scalar_one())


def _conditions(wanted: Filter, words: Sequence[str]) -> Iterator[_Condition]:
    yield _THERE if wanted.state is None else _at.state == _named(wanted.state)
    yield _at.listed if wanted.run is None else _at.run_id == wanted.run
    if wanted.stream is not None:
        yield _at.stream_id == wanted.stream
    if wanted.types:
        yield _labelled(*(f"type:{one}" for one in wanted.types))
    yield from (_labelled(f"tag:{one}") for one in wanted.tags)
    if wanted.text is not None:
        yield sa.and_(sa.true() if words else sa.false(), *(_labelled(f"word:{word}") for word in words))
    if wanted.clip is not None:
        yield _at.cut == wanted.clip
    if wanted.judged is not None:
        yield _at.verdict.is_not(None) if wanted.judged else _at.verdict.is_(None)
    if wanted.verdict is not None:
        yield sa.and_(_at.verdict.is_not(None), _at.verdict == wanted.verdict)
    yield from _bounds(wanted)


def _bounds(wanted: Filter) -> Iterator[_Condition]:
    if wanted.min_confidence is not None:
        yield _at.confidence >= wanted.min_confidence
    if wanted.max_confidence is not None:
        yield _at.confidence <= wanted.max_confidence
    if wanted.min_duration_ms is not None:
        yield _at.duration_ms >= wanted.min_duration_ms
    if wanted.max_duration_ms is not None:
        yield _at.duration_ms <= wanted.max_duration_ms
    if wanted.created_after is not None:
        yield _at.created_at >= wanted.created_after
    if wanted.created_before is not None:
        yield _at.created_at < wanted.created_before


def _labelled(*labels: str) -> _Condition:
    """Whether a highlight has one of these labels."""
    own = highlight_labels.c.highlight_id == _at.highlight_id
    query = sa.select(sa.literal(1)).select_from(highlight_labels).where(own, highlight_labels.c.label.in_(labels))
    return query.correlate(highlights).exists()
