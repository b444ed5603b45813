"""Cuts clips and thumbnails out of stored segments with PyAV, in the calling process."""

from collections.abc import Sequence

import av

from tldr_highlight_store.adapters.clips.check_pyav import check_clip
from tldr_highlight_store.adapters.clips.selection import select
from tldr_highlight_store.adapters.clips.thumbnail_pyav import thumbnail as picture
from tldr_highlight_store.adapters.clips.timeline_pyav import opened
from tldr_highlight_store.adapters.clips.writer_pyav import write_clip
from tldr_highlight_store.domain.clips.cutting import Clip, ClipDoesNotPlay, Cut, SegmentPart
from tldr_highlight_store.domain.clips.parts import parts_for_clip

THUMBNAIL_WIDTH = 640


def cut(parts: Sequence[SegmentPart], start_ms: int, end_ms: int, peak_ms: int) -> Cut:
    """The clip of `[start_ms, end_ms)` and a picture near `peak_ms`. Raises CuttingFailed."""
    needed = parts_for_clip(parts, start_ms, end_ms)
    with opened(needed) as timeline:
        # First the picture: cutting moves the packets to the clip's own time.
        shown = picture(timeline, peak_ms, start_ms, end_ms, THUMBNAIL_WIDTH)
        selection = select(timeline, start_ms, end_ms)
        try:
            clip = write_clip(timeline, selection)
            check_clip(clip)
            return Cut(clip, shown)
        except (av.FFmpegError, ClipDoesNotPlay, ValueError):
            pass
    return Cut(_transcoded(needed, start_ms, end_ms), shown)


def cut_clip(parts: Sequence[SegmentPart], start_ms: int, end_ms: int) -> Clip:
    """The clip alone."""
    return cut(parts, start_ms, end_ms, (start_ms + end_ms) // 2).clip


def thumbnail(parts: Sequence[SegmentPart], at_ms: int, max_width: int = THUMBNAIL_WIDTH) -> bytes | None:
    """A picture near `at_ms`, None where there is none. Raises SegmentUnreadable."""
    around = 5_000
    with opened(parts_for_clip(parts, at_ms - around, at_ms + around)) as timeline:
        return picture(timeline, at_ms, at_ms - around, at_ms + around, max_width)


def _transcoded(parts: Sequence[SegmentPart], start_ms: int, end_ms: int) -> Clip:
    """The clip decoded and encoded again, because the packets as they are did not make a clip that plays."""
    with opened(parts) as timeline:
        try:
            clip = write_clip(timeline, select(timeline, start_ms, end_ms), copy=False)
        except (av.FFmpegError, ValueError) as error:
            raise ClipDoesNotPlay(f"The clip can be neither copied nor transcoded: {error}.") from error
    check_clip(clip)
    return clip
