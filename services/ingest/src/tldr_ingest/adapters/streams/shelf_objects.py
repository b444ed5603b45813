"""Stores what was read in the organization's bucket."""

from dataclasses import dataclass, replace

from tldr_contracts.ids import StreamId
from tldr_ingest.adapters.streams.readings_jobs import CHAT, SEGMENTS, folder_of
from tldr_ingest.application.packed_window import PackedWindow
from tldr_ingest.application.stored_segment import StoredSegment
from tldr_ingest.domain.media.source import Container, CutSegment
from tldr_storage import ObjectStore, Stored, bucket_of
from tldr_streams.values import StoredObject

_SUFFIXES = {Container.MP4: "mp4", Container.MATROSKA: "mkv"}
_SUBTYPES = {Container.MP4: "mp4", Container.MATROSKA: "x-matroska"}
# Events are kept by a broker for days and read by each replica; what is larger travels by reference.
_INLINE_BYTES = 64_000


@dataclass(frozen=True, slots=True)
class ObjectShelf:
    """A shelf of one organization; the token in the keys keeps apart those who store the same segment."""

    objects: ObjectStore
    organization: str

    async def put_segment(self, stream: StreamId, segment: CutSegment, token: str) -> StoredSegment:
        """See `Shelf.put_segment`."""
        key = f"{folder_of(stream, SEGMENTS)}{segment.index:06d}-{token}.{_SUFFIXES[segment.container]}"
        kind = "video" if segment.has_video else "audio"
        stored = await self._put(key, segment.data, f"{kind}/{_SUBTYPES[segment.container]}")
        return StoredSegment(
            index=segment.index,
            start_ms=segment.start_ms,
            end_ms=segment.end_ms,
            object=stored,
            container=segment.container,
            offset_ms=segment.offset_ms,
            decode_from=segment.decode_from,
            has_video=segment.has_video,
            has_audio=segment.has_audio,
            keyframes_ms=segment.keyframes_ms,
            video_packets=segment.video_packets,
            cursor=segment.cursor,
            wall_clock_ms=segment.wall_clock_ms,
        )

    async def put_window(self, stream: StreamId, window: PackedWindow, token: str) -> PackedWindow:
        """See `Shelf.put_window`."""
        if isinstance(window.content, StoredObject) or len(window.content) <= _INLINE_BYTES:
            return window
        key = f"{folder_of(stream, CHAT)}{window.index:06d}-{token}.pb"
        return replace(window, content=await self._put(key, window.content, "application/protobuf"))

    async def _put(self, key: str, data: bytes, content_type: str) -> StoredObject:
        stored: Stored = await self.objects.put(bucket_of(self.organization), key, data, content_type)
        return StoredObject(stored.bucket, stored.key, stored.size_bytes, stored.sha256, stored.content_type)
