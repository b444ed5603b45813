"""What a player needs to play a stream's segments as HLS (RFC 8216)."""

import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace

HEAD_BYTES = 4_096
"""Enough to see how long the boxes of a header are, which need not be read to their end."""
_CONTENT = (b"moof", b"sidx", b"styp", b"emsg", b"mdat")
_LARGE = 16


@dataclass(frozen=True, slots=True)
class Playable:
    """A segment as it is played. `run`: how many breaks of the segments' clock came before; `init_bytes`: of the file's
    header, behind which its media begins; None before anybody looked, 0 where the file has none.
    """

    index: int
    start_ms: int
    end_ms: int
    bucket: str
    key: str
    size_bytes: int
    container: str
    run: int
    init_bytes: int | None


@dataclass(frozen=True, slots=True)
class Playlist:
    """Segments that follow one another without a hole in their numbers, and whether more are to come."""

    segments: tuple[Playable, ...]
    ended: bool

    @property
    def target_s(self) -> int:
        """No segment is longer, rounded."""
        return max((math.ceil((one.end_ms - one.start_ms) / 1000) for one in self.segments), default=1)


def playable(segments: Sequence[Playable]) -> tuple[Playable, ...]:
    """Of segments in order of index, those behind the last one that never came: numbers count without holes."""
    first = 0
    for place in range(1, len(segments)):
        if segments[place].index != segments[place - 1].index + 1:
            first = place
    return tuple(segments[first:])


def header_length(head: bytes) -> int | None:
    """How long the header (`ftyp` and `moov`) of a fragmented MP4 file is that begins with `head`; None where it is not one."""
    at, complete = 0, False
    while at + 8 <= len(head):
        size, kind = struct.unpack_from(">I4s", head, at)
        if kind in _CONTENT:
            return at if complete else None
        if size == 1 and at + _LARGE <= len(head):
            (size,) = struct.unpack_from(">Q", head, at + 8)
        if size < 8:
            return None
        complete = complete or kind == b"moov"
        at += size
    return at if complete else None


def with_header(segment: Playable, head: bytes) -> Playable:
    """The segment with what its first bytes say."""
    return replace(segment, init_bytes=header_length(head) or 0)
