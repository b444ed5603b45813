"""The playlists that sites on loopback show, Twitch's with an advertisement at the start of each session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

SEGMENT_S = 2.0
_WINDOW = 8
# By name: width, height, frames a second, bits a second.
VARIANTS = {
    "1080p60": (1920, 1080, 60, 6_000_000),
    "720p60": (1280, 720, 60, 3_400_000),
    "480p30": (852, 480, 30, 1_400_000),
}


@dataclass(slots=True)
class LiveSession:
    """One answer of the playlist server: its own advertisement at the start, its own end; refused when `expired`."""

    login: str
    created_at: float
    started_at: float
    ended_at: float = 0.0
    expired: bool = False


def multivariant(addresses: Mapping[str, str]) -> str:
    """A playlist of all variants, and of sound alone as the last."""
    lines = ["#EXTM3U", '#EXT-X-TWITCH-INFO:NODE="loopback"']
    for name, url in addresses.items():
        width, height, fps, bandwidth = VARIANTS[name]
        lines += [
            f'#EXT-X-STREAM-INF:BANDWIDTH={bandwidth},RESOLUTION={width}x{height},CODECS="avc1.64002A,mp4a.40.2",'
            f'FRAME-RATE={fps:.3f},STABLE-VARIANT-ID="{name}"',
            url,
        ]
    sound = next(iter(addresses.values())).replace(next(iter(addresses)), "audio_only")
    lines += ['#EXT-X-STREAM-INF:BANDWIDTH=160000,CODECS="mp4a.40.2",STABLE-VARIANT-ID="audio_only"', sound]
    return "\n".join([*lines, ""])


def live_playlist(session: LiveSession, now: float, preroll_s: float) -> str:
    """The newest segments; an advertisement at first, since each session has one; ENDLIST behind the end. Addresses are paths."""
    until = session.ended_at or now
    newest = int((until - session.started_at) / SEGMENT_S) - 1  # the next one is still being made
    oldest = max(0, newest - _WINDOW)
    if preroll_s:
        # A session with an advertisement shows nothing from before it.
        oldest = max(oldest, min(newest, int((session.created_at - session.started_at) / SEGMENT_S)))
    ad_until = session.created_at + preroll_s
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:3",
        f"#EXT-X-TARGETDURATION:{int(SEGMENT_S)}",
        f"#EXT-X-MEDIA-SEQUENCE:{oldest}",
    ]
    if preroll_s:
        lines.append(
            f'#EXT-X-DATERANGE:ID="stitched-ad-{int(session.created_at)}",CLASS="twitch-stitched-ad",'
            f'START-DATE="{_date(session.created_at)}",DURATION={preroll_s:.3f},X-TV-TWITCH-AD-ROLL-TYPE="PREROLL"'
        )
    shown_ad = None
    for number in range(oldest, newest + 1):
        starts = session.started_at + number * SEGMENT_S
        ad = preroll_s > 0 and starts < ad_until
        if shown_ad not in (None, ad):
            lines.append("#EXT-X-DISCONTINUITY")
        shown_ad = ad
        path = f"/v1/ad/{number}.ts" if ad else f"/v1/segment/{session.login}/{number}.ts"
        title = "Amazon|1" if ad else "live"
        lines += [f"#EXT-X-PROGRAM-DATE-TIME:{_date(starts)}", f"#EXTINF:{SEGMENT_S:.3f},{title}", path]
    return "\n".join([*lines, *(["#EXT-X-ENDLIST"] if session.ended_at else []), ""])


def video_playlist(segments: Sequence[bytes], seconds: float) -> str:
    """All of a recording, with addresses relative to its own."""
    lines = ["#EXTM3U", "#EXT-X-VERSION:3", f"#EXT-X-TARGETDURATION:{int(seconds + 1)}", "#EXT-X-PLAYLIST-TYPE:VOD"]
    for number in range(len(segments)):
        lines += [f"#EXTINF:{seconds:.3f},", f"{number}.ts"]
    return "\n".join([*lines, "#EXT-X-ENDLIST", ""])


def _date(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
