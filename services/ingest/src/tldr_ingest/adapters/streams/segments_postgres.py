"""Manifests in PostgreSQL."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from tldr_contracts.ids import StreamId
from tldr_database import Transaction
from tldr_ingest.adapters.streams.tables import segments
from tldr_ingest.application.stored_segment import StoredSegment
from tldr_ingest.domain.live.cursor import LiveCursor
from tldr_ingest.domain.media.source import ResumeCursor


@dataclass(frozen=True, slots=True)
class PostgresSegments:
    """Segments of the organization that the transaction is bound to."""

    transaction: Transaction
    organization: str

    async def add(self, stream: StreamId, added: Sequence[StoredSegment]) -> None:
        """Keep segments, in one round trip."""
        if added:
            rows = [{"organization_id": self.organization, "stream_id": stream, **_values(one)} for one in added]
            await self.transaction.execute(sa.insert(segments), rows)

    async def cursor(self, stream: StreamId) -> ResumeCursor | LiveCursor | None:
        """That of the last segment."""
        query = sa.select(segments.c.cursor).where(segments.c.stream_id == stream)
        document = await self.transaction.scalar(query.order_by(segments.c.index.desc()).limit(1))
        if not document:
            return None
        return LiveCursor.of_document(document) if "clock" in document else ResumeCursor(**document)


def _values(segment: StoredSegment) -> dict[str, Any]:
    stored = segment.object
    return {
        "index": segment.index,
        "start_ms": segment.start_ms,
        "end_ms": segment.end_ms,
        "bucket": stored.bucket,
        "key": stored.key,
        "size_bytes": stored.size_bytes,
        "sha256": stored.sha256,
        "content_type": stored.content_type,
        "container": segment.container,
        "offset_ms": segment.offset_ms,
        "decode_from": segment.decode_from,
        "has_video": segment.has_video,
        "has_audio": segment.has_audio,
        "keyframes_ms": list(segment.keyframes_ms),
        "video_packets": segment.video_packets,
        "cursor": asdict(segment.cursor),
    }
