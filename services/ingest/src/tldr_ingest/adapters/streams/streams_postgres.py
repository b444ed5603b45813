"""Streams in PostgreSQL."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tldr_contracts.ids import StreamId
from tldr_ingest.adapters.streams.stream_rows import record_of, values_of
from tldr_ingest.adapters.streams.tables import OF_STREAMS, streams
from tldr_ingest.application.stream_record import StreamRecord
from tldr_streams.rows import StreamRows


@dataclass(frozen=True, slots=True)
class PostgresStreams(StreamRows[StreamRecord]):
    """Streams as this service keeps them."""

    TABLE = streams
    OF_STREAM = OF_STREAMS

    def new(self, stream: StreamId) -> StreamRecord:
        """A stream of which nothing was written."""
        return StreamRecord(stream)

    def record(self, row: Any) -> StreamRecord:
        """The stream that a row holds."""
        return record_of(row)

    def values(self, stream: StreamRecord) -> Mapping[str, Any]:
        """The service's own columns of it."""
        return values_of(stream)
