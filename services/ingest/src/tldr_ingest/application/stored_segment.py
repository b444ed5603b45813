"""A segment and where its file is: the manifest."""

from dataclasses import dataclass

from tldr_ingest.domain.media import Container, ResumeCursor


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object in the organization's bucket."""

    bucket: str
    key: str
    size_bytes: int
    sha256: bytes
    content_type: str


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
    cursor: ResumeCursor
