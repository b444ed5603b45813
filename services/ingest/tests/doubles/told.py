"""What other services were told of a live stream, checked."""

from typing import Any

PICTURES = 60
"""In each piece of `pieces`."""


def covered(recorded: Any) -> list[tuple[int, int]]:
    """What was said of stream time, each millisecond once: segments, and gaps of the picture."""
    ranges = [one.range for one in recorded.of_kind("segment_stored")]
    ranges += [one.gap.range for one in recorded.of_kind("gap_found") if one.gap.modality == 1]
    found = sorted((one.start_ms, one.end_ms) for one in ranges)
    assert [end for _, end in found[:-1]] == [start for start, _ in found[1:]]
    return found


def check_pictures(recorded: Any, pieces: int) -> None:
    """Segments have consecutive numbers, and hold the pictures of so many pieces, none twice."""
    segments = recorded.of_kind("segment_stored")
    assert [one.index for one in segments] == list(range(len(segments)))
    assert sum(one.video_packets for one in segments) == PICTURES * pieces
