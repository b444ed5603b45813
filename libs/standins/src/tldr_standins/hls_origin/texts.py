"""Playlists as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from tldr_standins.hls_origin.programme import Published

HEIGHTS = (1080, 720, 480)
_CODECS = 'CODECS="avc1.42c00d,mp4a.40.2"'


@dataclass
class Writing:
    """How playlists are written. `kind`: `""` (a window), `"EVENT"` or `"VOD"`. `keys_every`: segments that share an AES-128 key,
    0 for none. `packed`: segments that share a file, 0 for one each. `marks_ads`: `"daterange"`, `"title"`, `"cue"` or `""`.
    `skew_ms` is added to the dates. `one_name`: what segments are called in every run.
    `longer_ms`: so much too long each segment is said to be.
    """

    kind: str = ""
    window: int = 6
    dated: bool = True
    skew_ms: int = 0
    fragmented: bool = False
    keys_every: int = 0
    sealed: bool = False
    packed: int = 0
    marks_ads: str = "daterange"
    low_latency: bool = False
    counts_splices: bool = True
    one_name: str = ""
    longer_ms: int = 0


def media_text(
    shown: Sequence[Published], writing: Writing, token: str, *, ended: bool, lengths: dict[int, int], tracks: str = ""
) -> str:
    """A media playlist. `lengths`: bytes of each sequence, where they are packed."""
    longest = max((s.duration_ms for s in shown), default=1000)
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", f"#EXT-X-TARGETDURATION:{-(-longest // 1000)}"]
    first = shown[0] if shown else None
    lines.append(f"#EXT-X-MEDIA-SEQUENCE:{first.sequence if first else 0}")
    if first and writing.counts_splices:
        lines.append(f"#EXT-X-DISCONTINUITY-SEQUENCE:{first.discontinuity - (1 if first.splice else 0)}")
    if writing.kind:
        lines.append(f"#EXT-X-PLAYLIST-TYPE:{writing.kind}")
    if writing.low_latency:
        lines += ["#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=0.3", "#EXT-X-PART-INF:PART-TARGET=0.1"]
    before: Published | None = None
    for segment in shown:
        lines += _segment(segment, before, writing, token, lengths, tracks)
        before = segment
    if writing.marks_ads == "daterange":
        lines += _ranges(shown, writing)
    if ended:
        lines.append("#EXT-X-ENDLIST")
    elif writing.low_latency and shown:
        following = shown[-1].sequence + 1
        lines.append(f'#EXT-X-PART:DURATION=0.1,URI="{following}.0.ts"')
        lines.append(f'#EXT-X-PRELOAD-HINT:TYPE=PART,URI="{following}.1.ts"')
        lines.append(f"#EXT-X-TWITCH-PREFETCH:{following}.ts")
    return "\n".join(lines) + "\n"


def _segment(
    segment: Published, before: Published | None, writing: Writing, token: str, lengths: dict[int, int], tracks: str
) -> list[str]:
    lines = ["#EXT-X-DISCONTINUITY"] if segment.splice else []
    lines += _protection(segment, before, writing, token)
    if writing.fragmented and (before is None or segment.splice):
        lines.append(f'#EXT-X-MAP:URI="{tracks}init-{segment.run}-{segment.discontinuity}.mp4?token={token}"')
    if writing.dated:
        date = datetime.fromtimestamp((segment.wall_ms + writing.skew_ms) / 1000, UTC)
        lines.append(f"#EXT-X-PROGRAM-DATE-TIME:{date.isoformat(timespec='milliseconds').replace('+00:00', 'Z')}")
    if writing.marks_ads == "cue" and segment.advertisement != bool(before and before.advertisement):
        lines.append("#EXT-X-CUE-OUT:60" if segment.advertisement else "#EXT-X-CUE-IN")
    title = "Amazon" if segment.advertisement and writing.marks_ads == "title" else "live"
    lines.append(f"#EXTINF:{(segment.duration_ms + writing.longer_ms) / 1000:.3f},{title}")
    if segment.gap:
        lines.append("#EXT-X-GAP")
    suffix = "m4s" if writing.fragmented else "ts"
    if writing.packed:
        pack = segment.sequence // writing.packed
        offset = sum(lengths[number] for number in range(pack * writing.packed, segment.sequence))
        lines.append(f"#EXT-X-BYTERANGE:{lengths[segment.sequence]}@{offset}")
        return [*lines, f"{tracks}pack-{segment.run}-{pack}.{suffix}?token={token}"]
    run = writing.one_name or f"run{segment.run}-"
    return [*lines, f"{tracks}{run}{segment.sequence}.{suffix}?token={token}"]


def _protection(segment: Published, before: Published | None, writing: Writing, token: str) -> list[str]:
    if writing.sealed:
        return (
            ['#EXT-X-KEY:METHOD=SAMPLE-AES,URI="skd://k",KEYFORMAT="com.apple.streamingkeydelivery"']
            if not before
            else []
        )
    if not writing.keys_every:
        return []
    number = segment.sequence // writing.keys_every
    if before is not None and before.sequence // writing.keys_every == number:
        return []
    vector = f",IV=0x{number + 1:032x}" if number % 2 else ""
    return [f'#EXT-X-KEY:METHOD=AES-128,URI="key-{number}?token={token}"{vector}']


def _ranges(shown: Sequence[Published], writing: Writing) -> list[str]:
    lines = []
    breaks: list[list[Published]] = []
    for segment in shown:
        if not segment.advertisement:
            continue
        if breaks and breaks[-1][-1].sequence + 1 == segment.sequence:
            breaks[-1].append(segment)
        else:
            breaks.append([segment])
    for each in breaks:
        start = datetime.fromtimestamp((each[0].wall_ms + writing.skew_ms) / 1000, UTC).isoformat()
        length = sum(segment.duration_ms for segment in each) / 1000
        lines.append(
            f'#EXT-X-DATERANGE:ID="stitched-ad-{each[0].sequence}",CLASS="twitch-stitched-ad",'
            f'START-DATE="{start}",DURATION={length:.3f},X-TV-TWITCH-AD-ROLL-TYPE="MIDROLL"'
        )
    return lines


def master_text(token: str, *, audio_apart: bool) -> str:
    """Three renditions and one of sound alone."""
    lines = ["#EXTM3U"]
    group = ""
    if audio_apart:
        group = ',AUDIO="sound"'
        lines.append(
            f'#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="en",DEFAULT=YES,URI="audio/index.m3u8?token={token}"'
        )
    for height in HEIGHTS:
        lines.append(
            f"#EXT-X-STREAM-INF:BANDWIDTH={height * 3000},RESOLUTION={height * 16 // 9}x{height},{_CODECS}{group}"
        )
        lines.append(f"{height}/index.m3u8?token={token}")
    if not audio_apart:
        lines += ['#EXT-X-STREAM-INF:BANDWIDTH=64000,CODECS="mp4a.40.2"', f"audio/index.m3u8?token={token}"]
    return "\n".join(lines) + "\n"
