"""A Kick on loopback: the API that streamlink's real plugin reads, and the proof of a browser that Kick likes to want."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tldr_testing.site_playlists import VARIANTS, LiveSession, live_playlist, multivariant, video_playlist
from tldr_testing.site_server import SiteAnswer, SiteRequest, SiteServer

PLAYLISTS = "fa723fc1b171.us-west-2.playback.live-video.net"
KICK_HOSTS = ("kick.com", "web.kick.com", PLAYLISTS)
_CHANNEL_ID = "7"


@dataclass(slots=True)
class KickChannel:
    """A channel; `videos` are the ids of its recordings, each of `segments` of two seconds."""

    name: str
    title: str = "A match"
    live: bool = True
    videos: tuple[str, ...] = ()
    started_at: float = field(default_factory=lambda: time.time() - 60)
    segments: Sequence[bytes] = (b"segment",)


class KickWeb(SiteServer):
    """`sites` is what TLDR_INGEST_SITES is set to. `browser_wanted`: it answers 403, as to whom it takes for a robot."""

    def __init__(self) -> None:
        super().__init__()
        self.channels: dict[str, KickChannel] = {}
        self.browser_wanted = False
        self.playlists_at = f"https://{PLAYLISTS}"

    @property
    def sites(self) -> dict[str, str]:
        """Its hosts, and where they are played."""
        return dict.fromkeys(KICK_HOSTS, self.base)

    def add(self, *channels: KickChannel) -> None:
        """Show channels."""
        self.channels.update({channel.name: channel for channel in channels})

    def answer(self, request: SiteRequest) -> SiteAnswer:
        """See the class."""
        if self.browser_wanted and request.host != PLAYLISTS:
            return SiteAnswer(403, b"<html>Just a moment...</html>")
        found: Any = None
        match [part for part in request.path.split("/") if part]:
            case ["api", "v2", "channels", name, "livestream"] if name in self.channels:
                found = {"data": self._livestream(self.channels[name])}
            case ["api", "v1", "channels", number, "videos", video] if number == _CHANNEL_ID:
                found = {"data": self._video(video)}
            case [name, "videos", _] if name in self.channels:
                row = json.dumps(f'a0:["$",null,{{"channel_id":"{_CHANNEL_ID}"}}]\n')
                return SiteAnswer(body=f"<html><script>self.__next_f.push([1, {row}])</script></html>".encode())
            case parts:
                return self._media(parts) or SiteAnswer(404)
        return SiteAnswer(200, json.dumps(found).encode(), {"content-type": "application/json"})

    def _livestream(self, channel: KickChannel) -> Any:
        if not channel.live:
            return None
        url = f"{self.playlists_at}/live/{channel.name}.m3u8"
        return {"playback_url": url, "id": 77, "category": {"name": "Chess"}, "session_title": channel.title}

    def _video(self, video: str) -> Any:
        channel = next((channel for channel in self.channels.values() if video in channel.videos), None)
        if channel is None:
            return None
        said = {"channel": {"username": channel.name}, "category": {"name": "Chess"}, "title": channel.title}
        return {**said, "recording_url": f"{self.playlists_at}/recorded/{channel.name}.m3u8"}

    def _media(self, parts: Sequence[str]) -> SiteAnswer | None:
        match parts:
            case ["live" | "recorded" as kind, name]:
                at = f"{self.playlists_at}/{kind}/{name.removesuffix('.m3u8')}"
                return _playlist(multivariant({variant: f"{at}/{variant}/index.m3u8" for variant in VARIANTS}))
            case ["live", name, _, "index.m3u8"]:
                started = self.channels[name].started_at
                return _playlist(live_playlist(LiveSession(name, started, started), time.time(), 0))
            case ["recorded", name, _, "index.m3u8"]:
                return _playlist(video_playlist(self.channels[name].segments, 2.0))
            case ["recorded", name, _, number] | ["v1", "segment", name, number]:
                segments = self.channels[name].segments
                return SiteAnswer(body=segments[int(number.removesuffix(".ts")) % len(segments)])
        return None


def _playlist(text: str) -> SiteAnswer:
    return SiteAnswer(200, text.encode(), {"content-type": "application/vnd.apple.mpegurl"})
