"""What a Twitch on loopback shows."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from tldr_testing.site_playlists import SEGMENT_S


@dataclass(slots=True)
class Channel:
    """A channel; `broadcast` is the id of its stream while it is live. `segments`: two seconds each, shown over and over."""

    login: str
    title: str = "A match"
    broadcast: str = "41375541868"
    live: bool = True
    started_at: float = field(default_factory=lambda: time.time() - 60)
    segments: Sequence[bytes] = (b"segment",)
    subscribers_only: bool = False

    def ends(self) -> None:
        """Its playlists end, and it is offline."""
        self.live = False

    def returns(self, broadcast: str = "") -> None:
        """It is live again, and was for two segments before anybody is shown it; playlists of before stay ended."""
        self.live, self.started_at = True, time.time() - 2 * SEGMENT_S
        self.broadcast = broadcast or self.broadcast


@dataclass(slots=True)
class Video:
    """A recording of a broadcast. `segments`: `seconds` each."""

    id: str
    title: str = "A match, recorded"
    owner: str = "alice"
    segments: Sequence[bytes] = (b"segment",)
    seconds: float = 2.0
    subscribers_only: bool = False
