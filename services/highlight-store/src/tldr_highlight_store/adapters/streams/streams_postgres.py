"""Streams in PostgreSQL."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from tldr_contracts.ids import StreamId
from tldr_database import Transaction
from tldr_highlight_store.adapters.tables import OF_STREAMS, streams
from tldr_highlight_store.domain.streams.stream import Stream
from tldr_streams.rows import StreamRows, stream_values

_OWN = ("priority", "read_until_ms", "ended_attempt", "default_run", "segments_deleted", "live", "trimmed_until_ms")


@dataclass(frozen=True, slots=True)
class PostgresStreams(StreamRows[Stream]):
    """Streams as this service keeps them."""

    TABLE = streams
    OF_STREAM = OF_STREAMS

    def new(self, stream: StreamId) -> Stream:
        """A stream of which nothing was written."""
        return Stream(stream)

    def record(self, row: Any) -> Stream:
        """The stream that a row holds."""
        return Stream(
            **stream_values(row), **{name: row._mapping[name] for name in _OWN}, looks=tuple(row._mapping["looks"])
        )

    def values(self, stream: Stream) -> Mapping[str, Any]:
        """The service's own columns of it."""
        return {**{name: getattr(stream, name) for name in _OWN}, "looks": list(stream.looks)}


async def lane_of(transaction: Transaction, stream: StreamId) -> int:
    """The lane in which a stream's facts are told; 0 where nothing was written of it."""
    query = sa.select(streams.c.lane).where(streams.c.stream_id == stream)
    return (await transaction.execute(query)).scalar_one_or_none() or 0
