"""Segments of a stream's source, as they are stored."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Segment:
    """A stored segment: stream time `[start_ms, end_ms)`; `decode_from` is the segment where decoding must start."""

    index: int
    start_ms: int
    end_ms: int
    bucket: str
    key: str
    size_bytes: int
    container: str
    offset_ms: int
    decode_from: int
