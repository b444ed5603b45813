"""What a playlist says (RFC 8216), as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from urllib.parse import urlsplit

# Some sites sign a segment by a name of hundreds of characters; what tells two of them apart is the digest.
_NAME = 40
_TAIL = 12


class PlaylistKind(StrEnum):
    """How a playlist changes. sliding: the oldest segments leave it. event: it only grows. vod: it stays as it is."""

    SLIDING = "sliding"
    EVENT = "event"
    VOD = "vod"


@dataclass(frozen=True, slots=True)
class ByteRange:
    """A part of a file, in bytes."""

    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Key:
    """An AES-128 key of 16 bytes at an address; `iv` has 16 bytes, None where the media sequence number is meant."""

    uri: str = field(repr=False)
    iv: bytes | None = None


@dataclass(frozen=True, slots=True)
class InitSection:
    """What a segment of fragmented MP4 cannot be read without (EXT-X-MAP)."""

    uri: str = field(repr=False)
    range: ByteRange | None = None
    key: Key | None = None


@dataclass(frozen=True, slots=True)
class MediaSegment:
    """A segment as a playlist names it.

    `discontinuity`: its discontinuity sequence number. `splice`: an EXT-X-DISCONTINUITY stands before it. `date_ms`: since
    1970, said of it or of a neighbour. `sealed`: encrypted in a way that only the source's own player undoes. `gap`: the
    source itself misses it. `cue_out_ms`: an advertisement of this length begins with it (0: of unknown length); `cue_in`: one
    ended before it.
    """

    sequence: int
    name: str
    uri: str = field(repr=False)
    duration_ms: int
    discontinuity: int = 0
    splice: bool = False
    date_ms: int | None = None
    range: ByteRange | None = None
    key: Key | None = None
    init: InitSection | None = None
    sealed: bool = False
    gap: bool = False
    advertisement: bool = False
    cue_out_ms: int | None = None
    cue_in: bool = False


@dataclass(frozen=True, slots=True)
class MediaPlaylist:
    """The segments of one rendition. `counts_splices`: the playlist says how many discontinuities have left it."""

    target_ms: int
    segments: tuple[MediaSegment, ...]
    kind: PlaylistKind = PlaylistKind.SLIDING
    ended: bool = False
    counts_splices: bool = False

    @property
    def duration_ms(self) -> int:
        """Of all segments together."""
        return sum(segment.duration_ms for segment in self.segments)

    @property
    def pace_ms(self) -> int:
        """How often a segment comes: the longest one's duration, where the target duration is not less. At least 1."""
        longest = max((segment.duration_ms for segment in self.segments), default=self.target_ms)
        return max(1, min(self.target_ms, longest) if self.target_ms else longest)


@dataclass(frozen=True, slots=True)
class AudioRendition:
    """Sound of a group (EXT-X-MEDIA); without a `uri` it is in the variant itself."""

    group: str
    name: str
    uri: str = field(repr=False)
    default: bool = False
    channels: int = 0


@dataclass(frozen=True, slots=True)
class Variant:
    """One rendition of a multivariant playlist. 0 and empty: not said."""

    uri: str = field(repr=False)
    bandwidth: int
    height: int
    frame_rate: float
    codecs: tuple[str, ...]
    audio_group: str = ""


@dataclass(frozen=True, slots=True)
class MultivariantPlaylist:
    """The renditions of one source, in the source's order."""

    variants: tuple[Variant, ...]
    audio: tuple[AudioRendition, ...]


def name_of(uri: str, part: ByteRange | None = None) -> str:
    """A segment's name: short, the same in every session that has the same path, and nothing that opens it."""
    path = urlsplit(uri).path
    last = path.rsplit("/", 1)[-1]
    shown = last if len(last) <= _NAME else f"…{last[-_TAIL:]}"
    whole = path if part is None else f"{path}@{part.offset}"
    return f"{shown}#{sha256(whole.encode()).hexdigest()[:8]}"


def stem_of(name: str) -> str:
    """The last part of a name's path, which stays where a server moves all of its segments to another folder."""
    return name.rsplit("#", 1)[0]
