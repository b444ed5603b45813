"""A segment and where its file is: the manifest."""

from dataclasses import dataclass

from tldr_ingest.domain.live.cursor import LiveCursor
from tldr_ingest.domain.media.source import Container, ResumeCursor
from tldr_streams.values import StoredObject


@dataclass(frozen=True, slots=True)
class StoredSegment:
    """See `CutSegment`; the bytes are in the object."""

    index: int
    start_ms: int
    end_ms: int
    object: StoredObject
    container: Container
    offset_ms: int
    decode_from: int
    has_video: bool
    has_audio: bool
    keyframes_ms: tuple[int, ...]
    video_packets: int
    cursor: ResumeCursor | LiveCursor
    wall_clock_ms: int = 0
