"""One stored segment as the analyser reads it, and the seconds that belong to it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SegmentPart:
    """A segment's file and its place in stream time.

    `source` is the file itself, a path, or an http(s) URL that the worker reads. `offset_ms` added to a timestamp in the
    file gives stream time. `has_video` and `has_audio` say what the manifest promises: what is promised and not found
    becomes a gap.
    """

    index: int
    start_ms: int
    end_ms: int
    offset_ms: int
    has_video: bool
    has_audio: bool
    source: bytes | str


def seconds_starting_in(start_ms: int, end_ms: int) -> range:
    """The seconds that start in [start_ms, end_ms); each second belongs to exactly one of several contiguous ranges."""
    return range(-(-start_ms // 1000), -(-end_ms // 1000))
