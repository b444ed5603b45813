"""Reads playlists: the tags that this product needs, the others are passed over.

Low-latency parts (EXT-X-PART, EXT-X-PRELOAD-HINT, EXT-X-TWITCH-PREFETCH) are passed over on purpose: each comes again as a
whole segment.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from urllib.parse import urljoin, urlsplit

from tldr_ingest.domain.errors import PlaylistUnreadable
from tldr_ingest.domain.hls.advertisements import ad_ranges, is_named_advertisement
from tldr_ingest.domain.hls.attributes import attributes, date_ms, seconds, whole
from tldr_ingest.domain.hls.playlist import (
    AudioRendition,
    ByteRange,
    InitSection,
    Key,
    MediaPlaylist,
    MediaSegment,
    MultivariantPlaylist,
    PlaylistKind,
    Variant,
    name_of,
)

LONGEST_BYTES = 1 << 20
_MOST_SEGMENTS = 20_000
_LONGEST_LINE = 2_048
_KINDS = {"EVENT": PlaylistKind.EVENT, "VOD": PlaylistKind.VOD}
_LONGEST_SEGMENT_S = 3_600.0


def parse_playlist(text: str, url: str) -> MediaPlaylist | MultivariantPlaylist:
    """Read a playlist that was found at `url` (where redirects ended). Raises PlaylistUnreadable."""
    if len(text) > LONGEST_BYTES:
        raise PlaylistUnreadable("The playlist is larger than 1 MiB.")
    lines = text.lstrip("\ufeff").splitlines()
    if not lines or not lines[0].startswith("#EXTM3U"):
        raise PlaylistUnreadable("The address leads to something that is no HLS playlist.")
    reading = _Reading(url)
    for number, line in enumerate(lines, 1):
        if len(line) > _LONGEST_LINE:
            raise PlaylistUnreadable(f"Line {number} of the playlist is longer than {_LONGEST_LINE} characters.")
        reading.line(line.strip())
    return reading.result()


@dataclass(slots=True)
class _Reading:
    """What was read so far; what belongs to the next segment is gathered until its address comes."""

    url: str
    segments: list[MediaSegment] = field(default_factory=list)
    variants: list[Variant] = field(default_factory=list)
    audio: list[AudioRendition] = field(default_factory=list)
    dateranges: list[str] = field(default_factory=list)
    target_ms: int = 0
    first: int = 0
    discontinuity: int = 0
    counts_splices: bool = False
    kind: PlaylistKind = PlaylistKind.SLIDING
    ended: bool = False
    keys: list[Key | None] = field(default_factory=list)
    key_tags: bool = False
    init: InitSection | None = None
    date: float | None = None
    variant: dict[str, str] | None = None
    duration_s: float | None = None
    title: str = ""
    splice: bool = False
    part: tuple[int, int | None] | None = None
    gap: bool = False
    cue_out_ms: int | None = None
    cue_in: bool = False
    named: bool = False
    behind: tuple[str, int] = ("", 0)

    def line(self, line: str) -> None:
        if line.startswith("#EXT"):
            tag, _, value = line.partition(":")
            if (read := _TAGS.get(tag)) is not None:
                read(self, value)
        elif line and not line.startswith("#"):
            self._address(line)

    def result(self) -> MediaPlaylist | MultivariantPlaylist:
        if self.variants:
            return MultivariantPlaylist(tuple(self.variants), tuple(self.audio))
        segments = _dated(self.segments)
        ranges = ad_ranges(self.dateranges)
        if ranges:
            segments = [
                replace(segment, advertisement=True)
                if segment.date_ms is not None and any(ad.covers(segment.date_ms, segment.duration_ms) for ad in ranges)
                else segment
                for segment in segments
            ]
        return MediaPlaylist(self.target_ms, tuple(segments), self.kind, self.ended, self.counts_splices)

    def absolute(self, uri: str) -> str:
        try:
            url = urljoin(self.url, uri)
            scheme = urlsplit(url).scheme
        except ValueError:
            scheme = ""
        if scheme not in ("http", "https"):
            raise PlaylistUnreadable("The playlist leads to an address that is neither http nor https.")
        return url

    def _address(self, uri: str) -> None:
        if self.variant is not None:
            self.variants.append(_variant(self.variant, self.absolute(uri)))
            self.variant = None
        elif self.duration_s is not None:
            self._segment(self.absolute(uri))

    def _segment(self, uri: str) -> None:
        if len(self.segments) >= _MOST_SEGMENTS:
            raise PlaylistUnreadable(f"The playlist has more than {_MOST_SEGMENTS} segments.")
        duration_s = self.duration_s or 0.0
        if self.splice:
            self.discontinuity, self.named = self.discontinuity + 1, False
        part = self._range(uri)
        # Untitled segments behind a named one belong to it until the next splice.
        self.named = is_named_advertisement(self.title) or (self.named and not self.title)
        key = next((key for key in self.keys if key is not None), None)
        self.segments.append(
            MediaSegment(
                sequence=self.first + len(self.segments),
                name=name_of(uri, part),
                uri=uri,
                duration_ms=round(duration_s * 1000),
                discontinuity=self.discontinuity,
                splice=self.splice,
                date_ms=None if self.date is None else round(self.date),
                range=part,
                key=key,
                init=self.init,
                sealed=bool(self.keys) and key is None,
                gap=self.gap,
                advertisement=self.named,
                cue_out_ms=self.cue_out_ms,
                cue_in=self.cue_in,
            )
        )
        if self.date is not None:
            self.date += duration_s * 1000
        self.duration_s, self.title, self.splice, self.part = None, "", False, None
        self.gap, self.cue_out_ms, self.cue_in, self.key_tags = False, None, False, False

    def _range(self, uri: str) -> ByteRange | None:
        if self.part is None:
            return None
        length, offset = self.part
        if offset is None:
            # It goes on where the part before it ended, if that was of the same file.
            offset = self.behind[1] if self.behind[0] == uri else 0
        self.behind = (uri, offset + length)
        return ByteRange(offset, length)


def _variant(tag: dict[str, str], uri: str) -> Variant:
    _, _, height = tag.get("RESOLUTION", "").partition("x")
    codecs = tuple(codec.strip() for codec in tag.get("CODECS", "").split(",") if codec.strip())
    rate = seconds(tag.get("FRAME-RATE")) or 0.0
    return Variant(uri, whole(tag.get("BANDWIDTH")), whole(height), rate, codecs, tag.get("AUDIO", ""))


def _dated(segments: list[MediaSegment]) -> list[MediaSegment]:
    """Segments before the first date have theirs by what lies between, as far as the clock is the same."""
    first = next((at for at, segment in enumerate(segments) if segment.date_ms is not None), 0)
    for at in range(first - 1, -1, -1):
        behind = segments[at + 1]
        if behind.splice or behind.date_ms is None:
            break
        segments[at] = replace(segments[at], date_ms=behind.date_ms - segments[at].duration_ms)
    return segments


def _on_info(reading: _Reading, value: str) -> None:
    length, _, title = value.partition(",")
    lasts = seconds(length.strip())
    if lasts is None or lasts > _LONGEST_SEGMENT_S:
        raise PlaylistUnreadable("The playlist has a segment whose duration cannot be read.")
    reading.duration_s, reading.title = lasts, title.strip()


def _on_key(reading: _Reading, value: str) -> None:
    tag = attributes(value)
    if not reading.key_tags:
        # Several tags before one segment are the same key for different players.
        reading.keys = []
    reading.key_tags = True
    if tag.get("METHOD", "NONE") != "NONE":
        reading.keys.append(_key(tag, reading))


def _key(tag: dict[str, str], reading: _Reading) -> Key | None:
    """None where only the source's own player has the key."""
    if tag.get("METHOD") != "AES-128" or tag.get("KEYFORMAT", "identity") != "identity" or "URI" not in tag:
        return None
    text = tag.get("IV", "")
    if not text:
        return Key(reading.absolute(tag["URI"]))
    try:
        return Key(reading.absolute(tag["URI"]), int(text, 16).to_bytes(16, "big"))
    except (ValueError, OverflowError):
        raise PlaylistUnreadable("The playlist has an initialization vector that cannot be read.") from None


def _on_map(reading: _Reading, value: str) -> None:
    tag = attributes(value)
    if "URI" in tag:
        length, _, offset = tag.get("BYTERANGE", "").partition("@")
        part = ByteRange(whole(offset), whole(length)) if length else None
        key = next((key for key in reading.keys if key is not None), None)
        reading.init = InitSection(reading.absolute(tag["URI"]), part, key)


def _on_byte_range(reading: _Reading, value: str) -> None:
    length, _, offset = value.partition("@")
    reading.part = (whole(length.strip()), whole(offset.strip()) if offset else None)


def _on_media(reading: _Reading, value: str) -> None:
    tag = attributes(value)
    if tag.get("TYPE") == "AUDIO":
        uri = reading.absolute(tag["URI"]) if tag.get("URI") else ""
        channels = whole(tag.get("CHANNELS", "").partition("/")[0])
        default = tag.get("DEFAULT") == "YES"
        reading.audio.append(AudioRendition(tag.get("GROUP-ID", ""), tag.get("NAME", ""), uri, default, channels))


def _on_cue_out(reading: _Reading, value: str) -> None:
    text = attributes(value).get("DURATION", value)
    reading.cue_out_ms = round((seconds(text.strip()) or 0) * 1000)


def _on_cue_goes_on(reading: _Reading, value: str) -> None:
    tag = attributes(value.upper())
    elapsed, _, length = value.partition("/")
    past, whole_s = seconds(tag.get("ELAPSEDTIME", elapsed)), seconds(tag.get("DURATION", length))
    reading.cue_out_ms = 0 if past is None or whole_s is None else round(max(0.0, whole_s - past) * 1000) or 1


def _on_date(reading: _Reading, value: str) -> None:
    if (date := date_ms(value)) is not None:
        reading.date = float(date)


def _on_first(reading: _Reading, value: str) -> None:
    reading.first += whole(value.strip())


def _on_skip(reading: _Reading, value: str) -> None:
    reading.first += whole(attributes(value).get("SKIPPED-SEGMENTS"))


def _on_discontinuity_sequence(reading: _Reading, value: str) -> None:
    reading.discontinuity, reading.counts_splices = whole(value.strip()), True


_TAGS: dict[str, Callable[[_Reading, str], None]] = {
    "#EXTINF": _on_info,
    "#EXT-X-BYTERANGE": _on_byte_range,
    "#EXT-X-DISCONTINUITY": lambda reading, _: setattr(reading, "splice", True),
    "#EXT-X-KEY": _on_key,
    "#EXT-X-MAP": _on_map,
    "#EXT-X-PROGRAM-DATE-TIME": _on_date,
    "#EXT-X-DATERANGE": lambda reading, value: reading.dateranges.append(value),
    "#EXT-X-GAP": lambda reading, _: setattr(reading, "gap", True),
    "#EXT-X-CUE-OUT": _on_cue_out,
    "#EXT-X-CUE-OUT-CONT": _on_cue_goes_on,
    "#EXT-X-CUE-IN": lambda reading, _: setattr(reading, "cue_in", True),
    "#EXT-X-TARGETDURATION": lambda reading, value: setattr(reading, "target_ms", whole(value.strip()) * 1000),
    "#EXT-X-MEDIA-SEQUENCE": _on_first,
    "#EXT-X-SKIP": _on_skip,
    "#EXT-X-DISCONTINUITY-SEQUENCE": _on_discontinuity_sequence,
    "#EXT-X-PLAYLIST-TYPE": lambda reading, value: setattr(reading, "kind", _KINDS.get(value.strip(), reading.kind)),
    "#EXT-X-ENDLIST": lambda reading, _: setattr(reading, "ended", True),
    "#EXT-X-STREAM-INF": lambda reading, value: setattr(reading, "variant", attributes(value)),
    "#EXT-X-MEDIA": _on_media,
}
