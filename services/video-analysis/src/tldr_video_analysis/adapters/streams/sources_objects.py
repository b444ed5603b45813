"""Segments are read from the object store by the process that analyses them: the bytes never pass this one."""

from dataclasses import dataclass
from datetime import timedelta

from tldr_storage import ObjectStore
from tldr_video_analysis.domain.segments.segment import Segment

_LIFETIME = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class ObjectSources:
    """Signed addresses, computed here without a call."""

    objects: ObjectStore

    def address(self, segment: Segment) -> str:
        """Where the segment's file is."""
        return self.objects.internal_url(segment.bucket, segment.key, _LIFETIME)
