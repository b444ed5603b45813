"""Which segments a clip needs."""

from collections.abc import Sequence

from tldr_highlight_store.domain.clips.cutting import SegmentPart

# Sound and picture of one moment may lie up to about a second apart in the source file, so one may have ended up in the
# neighbouring segment.
INTERLEAVING_MS = 1_000


def parts_for_clip(manifest: Sequence[SegmentPart], start_ms: int, end_ms: int) -> list[SegmentPart]:
    """The parts of `manifest` that decoding and cutting `[start_ms, end_ms)` reads, in order of index."""
    ordered = sorted(manifest, key=lambda part: part.index)
    touched = [
        part
        for part in ordered
        if part.start_ms < end_ms + INTERLEAVING_MS and part.end_ms > start_ms - INTERLEAVING_MS
    ]
    if not touched:
        return []
    shown = next((part for part in touched if part.end_ms > start_ms), touched[0])
    first, last = min(touched[0].index, shown.decode_from), touched[-1].index
    return [part for part in ordered if first <= part.index <= last]
