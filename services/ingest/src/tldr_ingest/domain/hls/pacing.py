"""When what is asked for: playlists, segments that failed, and what is said while a source is silent."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tldr_ingest.domain.hls.following import Following
from tldr_ingest.domain.hls.playlist import MediaPlaylist
from tldr_ingest.domain.live.feed import Missing

_FLOOR_S = 1.0
_JITTER = 0.1
_BACKOFF_S = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0)
_BACKOFF_JITTER = 0.2
_LONGEST_HELD_MS = 30_000


def next_poll_s(pace_ms: int, changed: bool, chance: float) -> float:
    """Until the playlist is loaded again (RFC 8216 6.3.4): as long as a segment lasts after a change, half of it without one,
    a second at least where segments are not shorter than two. `chance` in [0, 1) spreads readers by a tenth to either side.
    """
    pace_s = pace_ms / 1000
    wanted_s = max(pace_s if changed else pace_s / 2, min(_FLOOR_S, pace_s / 2))
    return wanted_s * (1 - _JITTER + 2 * _JITTER * chance)


def backoff_s(failures: int, pace_ms: int, chance: float) -> float:
    """Until what failed so many times in a row (1 and more) is asked for again; shorter where segments are."""
    scale = min(1.0, max(0.1, pace_ms / 2000))
    wanted_s = _BACKOFF_S[min(failures, len(_BACKOFF_S)) - 1] * scale
    return wanted_s * (1 - _BACKOFF_JITTER + 2 * _BACKOFF_JITTER * chance)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a source may be silent, in milliseconds; each at least three of its segments.

    `interrupted_ms`: until that is said. `ended_ms`: until it is over. `returns_ms`: how long one that ended may come back.
    """

    interrupted_ms: int = 10_000
    ended_ms: int = 300_000
    returns_ms: int = 10_000

    def interrupted_after_ms(self, pace_ms: int) -> int:
        return max(self.interrupted_ms, 3 * pace_ms)

    def ended_after_ms(self, pace_ms: int) -> int:
        return max(self.ended_ms, 3 * pace_ms)


def silent_since(
    state: Following, playlist: MediaPlaylist, silent_ms: int, reason: str
) -> tuple[Following, Missing | None]:
    """What is certainly missing of a source that gave nothing new for `silent_ms`: not yet what a playlist could still hold
    when it comes back, up to half a minute.
    """
    held_ms = min(max(playlist.duration_ms, 3 * playlist.pace_ms), max(_LONGEST_HELD_MS, 3 * playlist.pace_ms))
    if state.last is None:
        return state, None
    until_ms = state.last.end_ms + silent_ms - held_ms
    if until_ms <= state.told_ms:
        return state, None
    return replace(state, told_ms=until_ms), Missing(state.told_ms, until_ms, "source_stalled", reason)
