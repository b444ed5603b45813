"""Streams in PostgreSQL."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tldr_contracts.ids import StreamId
from tldr_streams.rows import StreamRows, stream_values
from tldr_streams.values import Failure
from tldr_video_analysis.adapters.streams.tables import OF_STREAMS, streams
from tldr_video_analysis.domain.figures.figures import Modality
from tldr_video_analysis.domain.streams.analysed_stream import AnalysedStream, Request

_NUMBERS = (
    "opened_attempt",
    "read_until_ms",
    "media_until_ms",
    "ended_attempt",
    "duration_ms",
    "planned_until_s",
    "video_until_s",
    "audio_until_s",
    "complete_until_ms",
    "announced_attempt",
    "activity_level",
)


@dataclass(frozen=True, slots=True)
class PostgresStreams(StreamRows[AnalysedStream]):
    """Streams as this service keeps them."""

    TABLE = streams
    OF_STREAM = OF_STREAMS

    def new(self, stream: StreamId) -> AnalysedStream:
        """A stream of which nothing was written."""
        return AnalysedStream(stream)

    def record(self, row: Any) -> AnalysedStream:
        """The stream that a row holds."""
        return AnalysedStream(
            **stream_values(row),
            request=Request(row.priority, row.thorough, row.live) if row.priority is not None else None,
            modalities=tuple(Modality(modality) for modality in row.modalities),
            failure=Failure(row.failure_code, row.failure_reason) if row.failure_code is not None else None,
            **{name: row._mapping[name] for name in _NUMBERS},
        )

    def values(self, stream: AnalysedStream) -> Mapping[str, Any]:
        """The service's own columns of it."""
        request, failure = stream.request, stream.failure
        return {
            **{name: getattr(stream, name) for name in _NUMBERS},
            "modalities": [str(modality) for modality in stream.modalities],
            "priority": request.priority if request else None,
            "thorough": request.thorough if request else None,
            "live": request.live if request else None,
            "failure_code": failure.code if failure else None,
            "failure_reason": failure.reason if failure else None,
        }
