"""What is said while a source gives nothing new."""

from __future__ import annotations

from tldr_ingest.domain.hls.following import Following
from tldr_ingest.domain.hls.pacing import Patience, silent_since
from tldr_ingest.domain.hls.playlist import MediaPlaylist
from tldr_ingest.domain.live.feed import FeedEnded, FeedEvent, Interrupted

_NOTHING_READ = MediaPlaylist(2_000, ())
_STALLED = ("source_stalled", "The source gives nothing new.")
_AWAY = ("source_unreachable", "The source's playlist cannot be read.")


class Silence:
    """Times in seconds of a clock that only goes forwards."""

    def __init__(self, patience: Patience, every_ms: int, now: float) -> None:
        self._patience = patience
        self._every_s = every_ms / 1000
        self._since = now
        self._said_at: float | None = None

    @property
    def interrupted(self) -> bool:
        """Whether it was said that the source is silent."""
        return self._said_at is not None

    def away(self, seconds: float) -> None:
        """Nobody listened for so long."""
        self._since += seconds

    def heard(self, now: float) -> None:
        """Something new came."""
        self._since, self._said_at = now, None

    def said(
        self, state: Following, playlist: MediaPlaylist | None, now: float, *, failing: bool, waiting: bool
    ) -> tuple[Following, list[FeedEvent]]:
        """What there is to say now. `waiting`: segments of before are still asked for, so that nothing behind them can be said
        yet.
        """
        silent_ms = round((now - self._since) * 1000)
        known = playlist or _NOTHING_READ
        if state.last is None:
            over = silent_ms >= self._patience.ended_after_ms(known.pace_ms)
            return state, [_ended(silent_ms)] if over else []
        if silent_ms < self._patience.interrupted_after_ms(known.pace_ms):
            return state, []
        code, reason = _AWAY if failing else _STALLED
        events: list[FeedEvent] = []
        if self._said_at is None:
            events.append(Interrupted(state.last.end_ms, code, reason))
            self._said_at = now - self._every_s
        if now - self._said_at >= self._every_s and not waiting:
            self._said_at = now
            state, missing = silent_since(state, known, silent_ms, reason)
            events += [missing] if missing is not None else []
        if silent_ms >= self._patience.ended_after_ms(known.pace_ms):
            events.append(_ended(silent_ms))
        return state, events


def _ended(silent_ms: int) -> FeedEnded:
    return FeedEnded("source_silent", f"The source gave nothing new for {silent_ms / 1000:.0f} s.")
