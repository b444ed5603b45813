"""Lists of streams in PostgreSQL, each page found by an index from where the one before ended."""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from tldr_database import Transaction
from tldr_gateway.adapters.streams.stream_rows import stream_of
from tldr_gateway.adapters.tables import stream_words, streams
from tldr_gateway.domain.streams.listing import StreamFilter
from tldr_gateway.domain.streams.submission import Stream


async def stream_page(
    transaction: Transaction, wanted: StreamFilter, *, before: str | None, limit: int
) -> Sequence[Stream]:
    """Those wanted, newest first, those before an id."""
    query = sa.select(streams).where(*_conditions(wanted)).order_by(streams.c.stream_id.desc()).limit(limit)
    if wanted.text is not None:
        words = await _words(transaction, wanted.text)
        query = query.where(*(_has(word) for word in words)) if words else query.where(sa.false())
    if before is not None:
        query = query.where(streams.c.stream_id < before)
    return [stream_of(row) for row in await transaction.execute(query)]


def _conditions(wanted: StreamFilter) -> Iterator[sa.ColumnElement[bool]]:
    same = {"state": wanted.state, "source_kind": wanted.kind, "channel": wanted.channel}
    yield from (streams.c[name] == value for name, value in same.items() if value is not None)
    if wanted.created_after is not None:
        yield streams.c.created_at >= wanted.created_after
    if wanted.created_before is not None:
        yield streams.c.created_at < wanted.created_before


async def _words(transaction: Transaction, text: str) -> Sequence[str]:
    """The words of a text as those of titles were told apart."""
    words = sa.func.tsvector_to_array(sa.func.to_tsvector(sa.text("'simple'"), text), type_=ARRAY(sa.Text))
    return list((await transaction.execute(sa.select(words))).scalar_one())


def _has(word: str) -> sa.ColumnElement[bool]:
    own = stream_words.c.stream_id == streams.c.stream_id
    return sa.select(sa.literal(1)).where(own, stream_words.c.word == word).correlate(streams).exists()
