"""The window of a live stream's segments that is kept while it runs."""

from collections.abc import Sequence

from tldr_highlight_store.domain.streams.segment import Segment

USUAL_MINUTES = 120
GRACE_MS = 120_000
"""Segments are deleted so long after they left the window: a player may still be about to fetch them."""
MARGIN_MS = 30_000
"""A highlight that may still change can grow by so much on either side."""

Range = tuple[int, int]


def expendable(
    segments: Sequence[Segment], *, edge_ms: int, window_ms: int, needed: Sequence[Range], kept_from: int
) -> tuple[Segment, ...]:
    """Of segments in order of index, those to be deleted: what lies before the window and neither in one of the `needed`
    ranges nor on the way from where decoding of a kept one starts. `kept_from`: the least `decode_from` of those behind.

    What is needed is kept for one more window: storage stays bounded whatever happens to whoever needs it.
    """
    before_ms, hard_ms = edge_ms - window_ms - GRACE_MS, edge_ms - 2 * window_ms - GRACE_MS
    found: list[Segment] = []
    for segment in reversed(segments):
        wanted = any(segment.start_ms < end and segment.end_ms > start for start, end in needed)
        if segment.end_ms > before_ms or (segment.end_ms > hard_ms and (wanted or segment.index >= kept_from)):
            kept_from = min(kept_from, segment.decode_from)
        else:
            found.append(segment)
    return tuple(reversed(found))


def unbroken(segments: Sequence[Segment], start_ms: int, end_ms: int) -> bool:
    """Whether nothing is missing of the segments that a clip of [start_ms, end_ms) is cut from, in order of index."""
    if not segments:
        return False
    first, last = segments[0], segments[-1]
    shown = next((one for one in segments if one.end_ms > start_ms), first)
    whole = first.index <= shown.decode_from and (first.index == 0 or first.start_ms <= start_ms)
    return whole and last.end_ms >= end_ms and last.index - first.index + 1 == len(segments)
