"""Segments of a stream's source, and which of them a clip needs."""

from collections.abc import Sequence
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


def needed_for(segments: Sequence[Segment], start_ms: int, end_ms: int) -> tuple[Segment, ...]:
    """The segments that `[start_ms, end_ms)` touches, with those before it that its decoding starts from."""
    touched = [segment for segment in segments if segment.start_ms < end_ms and segment.end_ms > start_ms]
    if not touched:
        return ()
    first = min(segment.decode_from for segment in touched)
    last = max(segment.index for segment in touched)
    return tuple(sorted((found for found in segments if first <= found.index <= last), key=lambda found: found.index))
