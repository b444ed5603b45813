"""Cuts clips out of stored segments and stores what comes out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from tldr_highlight_store.application.ports import CutImpossible
from tldr_highlight_store.domain.clips.cutting import ClipCutter, CuttingFailed, SegmentPart
from tldr_highlight_store.domain.clips.parts import parts_for_clip
from tldr_highlight_store.domain.highlights.highlight import Highlight
from tldr_highlight_store.domain.streams.segment import Segment
from tldr_storage import ObjectStore, Stored
from tldr_streams.values import StoredObject

_URL_LIFETIME = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class ObjectCutter:
    """Hands the cutter signed addresses of the segments; the fencing token in the keys keeps two workers apart."""

    cutter: ClipCutter
    objects: ObjectStore

    async def cut(
        self, highlight: Highlight, segments: Sequence[Segment], *, token: int
    ) -> tuple[StoredObject, StoredObject | None]:
        """The stored clip and picture."""
        manifest = [self._part(segment) for segment in segments]
        parts = parts_for_clip(manifest, highlight.start_ms, highlight.end_ms)
        try:
            cut = await self.cutter.cut(parts, highlight.start_ms, highlight.end_ms, highlight.peak_ms)
        except CuttingFailed as error:
            if error.transient:
                raise
            raise CutImpossible(error.code, str(error)) from error
        stem = f"streams/{highlight.stream}/highlights/{highlight.id}/r{highlight.revision}-{token}"
        bucket = segments[0].bucket
        clip = await self.objects.put(bucket, f"{stem}.mp4", cut.clip.data, cut.clip.media_type)
        picture = None
        if cut.thumbnail is not None:
            picture = await self.objects.put(bucket, f"{stem}.jpg", cut.thumbnail, "image/jpeg")
        return _stored(clip), _stored(picture) if picture else None

    def _part(self, segment: Segment) -> SegmentPart:
        return SegmentPart(
            index=segment.index,
            source=self.objects.internal_url(segment.bucket, segment.key, _URL_LIFETIME),
            offset_ms=segment.offset_ms,
            start_ms=segment.start_ms,
            end_ms=segment.end_ms,
            container=segment.container,
            decode_from=segment.decode_from,
        )


def _stored(stored: Stored) -> StoredObject:
    return StoredObject(stored.bucket, stored.key, stored.size_bytes, stored.sha256, stored.content_type)
