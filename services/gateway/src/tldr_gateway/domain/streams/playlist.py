"""A live stream's window as an HLS playlist (RFC 8216)."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

PLAYABLE = {"mp4", "mpegts"}
"""Containers that HLS knows."""


@dataclass(frozen=True, slots=True)
class PlaylistSegment:
    """A segment under a signed address. `init_url`: where its header is, if not in the file itself.

    `init_range` and `media_range`: which bytes are the header, and which the rest, as `length@offset`.
    """

    url: str = field(repr=False)
    start_ms: int
    end_ms: int
    container: str = "mp4"
    discontinuity: bool = False
    init_url: str | None = field(default=None, repr=False)
    init_range: str | None = None
    media_range: str | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """What can be played now. `first_sequence` and `discontinuity_sequence` count what was there before it."""

    segments: Sequence[PlaylistSegment]
    target_s: float
    first_sequence: int
    discontinuity_sequence: int = 0
    ended: bool = False


def render_playlist(window: Window, *, wall_zero_ms: int = 0) -> str:
    """The media playlist. With `wall_zero_ms`, the wall clock at stream time 0, it says when each part happened."""
    longest = max((segment.end_ms - segment.start_ms for segment in window.segments), default=0) / 1000
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        f"#EXT-X-TARGETDURATION:{max(1, math.ceil(window.target_s), math.floor(longest + 0.5))}",
        f"#EXT-X-MEDIA-SEQUENCE:{window.first_sequence}",
        f"#EXT-X-DISCONTINUITY-SEQUENCE:{window.discontinuity_sequence}",
        *_segments(window, wall_zero_ms),
    ]
    if window.ended:
        lines.append("#EXT-X-ENDLIST")
    return "\n".join(lines) + "\n"


def _segments(window: Window, wall_zero_ms: int) -> Iterator[str]:
    header = None
    for number, segment in enumerate(window.segments):
        if segment.discontinuity and number:
            yield "#EXT-X-DISCONTINUITY"
        if wall_zero_ms and (segment.discontinuity or not number):
            happened = datetime.fromtimestamp((wall_zero_ms + segment.start_ms) / 1000, UTC)
            yield f"#EXT-X-PROGRAM-DATE-TIME:{happened.isoformat(timespec='milliseconds')}"
        if segment.container == "mp4":
            # A file of ours begins with its own header; a player that asks for the header alone finds it there.
            named = (segment.init_url or segment.url, segment.init_range)
            if named != header:
                header = named
                yield f'#EXT-X-MAP:URI="{named[0]}"' + (f',BYTERANGE="{named[1]}"' if named[1] else "")
        yield f"#EXTINF:{(segment.end_ms - segment.start_ms) / 1000:.3f},"
        if segment.media_range:
            yield f"#EXT-X-BYTERANGE:{segment.media_range}"
        yield segment.url
