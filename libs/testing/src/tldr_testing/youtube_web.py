"""A YouTube on loopback: watch pages, channel pages and the player's API, as yt-dlp's real extractor reads them.

The player's API answers by client: pages of a browser get no playlists, as YouTube's do not. Shared by who plays its chat:
`SiteServer.answer` falls through to `more`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tldr_testing.site_playlists import video_playlist
from tldr_testing.site_server import SiteAnswer, SiteRequest, SiteServer
from tldr_testing.youtube_shown import Offer, VideoState, YoutubeVideo

__all__ = ["YOUTUBE_HOSTS", "Offer", "VideoState", "YoutubeVideo", "YoutubeWeb"]

PLAYLISTS = "manifest.googlevideo.com"
FILES = "rr1---sn-abcdefgh.googlevideo.com"
YOUTUBE_HOSTS = ("www.youtube.com", "music.youtube.com", "consent.youtube.com", PLAYLISTS, FILES)
_BROWSERS = frozenset({"WEB", "MWEB", "WEB_REMIX"})
_HEIGHTS = {"95": 720, "94": 480, "96": 1080}


_STATUS: dict[VideoState, tuple[str, str]] = {
    VideoState.UPCOMING: ("LIVE_STREAM_OFFLINE", "This live event will begin in 3 hours."),
    VideoState.PRIVATE: ("LOGIN_REQUIRED", "This is a private video. Please sign in to verify that you may see it."),
    VideoState.MEMBERS: ("UNPLAYABLE", "Join this channel to get access to members-only content like this video."),
    VideoState.GONE: ("ERROR", "This video is unavailable"),
}


class YoutubeWeb(SiteServer):
    """`sites` is what TLDR_INGEST_SITES is set to. `channels`: a channel's path (`@name`) to the video it shows live, empty
    while it shows none. Faults are attributes.
    """

    def __init__(self, *, expires_in_s: int = 21_600) -> None:
        super().__init__()
        self.videos: dict[str, YoutubeVideo] = {}
        self.channels: dict[str, str] = {}
        self.expires_in_s = expires_in_s
        self.more: Callable[[SiteRequest], SiteAnswer | None] = lambda _: None
        # Faults.
        self.robots_refused = False
        self.player_changed = False
        self.clients_without_playlists: set[str] = set()
        self.playlists_at = f"https://{PLAYLISTS}"
        self.media_at = self.playlists_at
        self.page_extra = ""

    @property
    def sites(self) -> dict[str, str]:
        """Its hosts, and where they are played."""
        return dict.fromkeys(YOUTUBE_HOSTS, self.base)

    def add(self, *videos: YoutubeVideo) -> None:
        """Show videos."""
        self.videos.update({video.id: video for video in videos})

    def answer(self, request: SiteRequest) -> SiteAnswer:
        """See the class."""
        parts = [part for part in request.path.split("/") if part]
        match parts:
            case ["watch"]:
                return self._page(request.query.get("v", ""), live_page=False)
            case [*channel, "live"] if "/".join(channel) in self.channels:
                return self._page(self.channels["/".join(channel)], live_page=True)
            case ["youtubei", "v1", "player"]:
                return self._player(request)
        return self._media_at(parts, request.query) or self.more(request) or SiteAnswer(404)

    def _media_at(self, parts: Sequence[str], query: Mapping[str, str]) -> SiteAnswer | None:
        match parts:
            case ["api", "manifest", kind, *_] if "id" in parts:
                video = self.videos[parts[parts.index("id") + 1]]
                return _playlist(self._multivariant(video) if kind == "hls_variant" else self._media(video))
            case ["videoplayback"]:
                return SiteAnswer(body=b"".join(self.videos[query["id"]].segments))
            case ["segment", name, number]:
                return SiteAnswer(body=self.videos[name].segments[int(number.removesuffix(".ts"))])
        return None

    def _page(self, video: str, *, live_page: bool) -> SiteAnswer:
        config = {
            "INNERTUBE_API_KEY": "a key of nobody",
            "INNERTUBE_CONTEXT": {"client": {"clientName": "WEB", "clientVersion": "2.20260708.00.00", "hl": "en"}},
            "INNERTUBE_CONTEXT_CLIENT_NAME": 1,
            "INNERTUBE_CONTEXT_CLIENT_VERSION": "2.20260708.00.00",
            "VISITOR_DATA": "CgtsaXZlVmlzaXRvcg%3D%3D",
        }
        initial: dict[str, Any] = {"contents": {"twoColumnWatchNextResults": {"results": {}}}}
        if live_page and not video:
            address = {"webCommandMetadata": {"url": "/@name/featured"}}
            tab = {
                "tabRenderer": {
                    "title": "Home",
                    "selected": True,
                    "endpoint": {"commandMetadata": address},
                    "content": {"sectionListRenderer": {"contents": []}},
                }
            }
            initial = {"contents": {"twoColumnBrowseResultsRenderer": {"tabs": [tab]}}}
        elif live_page:
            initial["currentVideoEndpoint"] = {"watchEndpoint": {"videoId": video}}
        player = self._response(video, browser=True) if video else {}
        page = (
            f"<!DOCTYPE html><html><head><title>A page - YouTube</title>"
            f'<link rel="canonical" href="https://www.youtube.com/watch?v={video}"></head><body>'
            f"{self.page_extra}<script>ytcfg.set({json.dumps(config)});</script>"
            f"<script>var ytInitialPlayerResponse = {json.dumps(player)};var meta = 1;</script>"
            f"<script>var ytInitialData = {json.dumps(initial)};</script></body></html>"
        )
        return SiteAnswer(200, page.encode(), {"content-type": "text/html; charset=utf-8"})

    def _player(self, request: SiteRequest) -> SiteAnswer:
        asked = json.loads(request.body)
        client = asked["context"]["client"]["clientName"]
        answer = self._response(asked["videoId"], browser=client in _BROWSERS | self.clients_without_playlists)
        if self.player_changed:
            answer = {"responseContext": {}, "playback": answer}
        return SiteAnswer(200, json.dumps(answer).encode(), {"content-type": "application/json"})

    def _response(self, video_id: str, *, browser: bool) -> dict[str, Any]:
        video = self.videos.get(video_id) or YoutubeVideo(video_id, VideoState.GONE)
        status, reason = _STATUS.get(video.state, ("OK", ""))
        if self.robots_refused:
            status, reason = "LOGIN_REQUIRED", "Sign in to confirm you’re not a bot"
        details: dict[str, Any] = {
            "videoId": video_id,
            "title": video.title,
            "author": "Alice",
            "channelId": "UC0123456789012345678901",
            "lengthSeconds": "0",
            "isLiveContent": video.state is not VideoState.UPLOADED,
            "isPrivate": False,
        }
        details |= {
            VideoState.LIVE: {"isLive": True},
            VideoState.UPCOMING: {"isUpcoming": True},
            VideoState.ENDED: {"isPostLiveDvr": True},
        }.get(video.state, {})
        found: dict[str, Any] = {
            "playabilityStatus": {"status": status, **({"reason": reason} if reason else {})},
            "videoDetails": details,
            "microformat": {
                "playerMicroformatRenderer": {"category": "Gaming", "externalChannelId": details["channelId"]}
            },
        }
        if status == "OK" and not browser:
            found["streamingData"] = {"expiresInSeconds": str(self.expires_in_s), **self._offered(video)}
        return found

    def _offered(self, video: YoutubeVideo) -> dict[str, Any]:
        if video.offer in (Offer.PLAYLISTS, Offer.APART):
            return {
                "hlsManifestUrl": f"{self.playlists_at}/api/manifest/hls_variant/{self._signed(video)}/file/index.m3u8"
            }
        url = f"https://{FILES}/videoplayback?expire={int(time.time()) + self.expires_in_s}&id={video.id}&itag="
        picture = {
            "width": 640,
            "height": 360,
            "fps": 30,
            "qualityLabel": "360p",
            "quality": "medium",
            "bitrate": 500_000,
        }
        if video.offer is Offer.FILE:
            both = {"itag": 18, "url": f"{url}18", "mimeType": 'video/mp4; codecs="avc1.42001E, mp4a.40.2"', **picture}
            return {"formats": [both]}
        sound = {"itag": 140, "url": f"{url}140", "mimeType": 'audio/mp4; codecs="mp4a.40.2"', "bitrate": 130_000}
        alone = {"itag": 134, "url": f"{url}134", "mimeType": 'video/mp4; codecs="avc1.4d401e"', **picture}
        return {"adaptiveFormats": [alone, sound]}

    def _signed(self, video: YoutubeVideo) -> str:
        return f"expire/{int(time.time()) + self.expires_in_s}/ei/abc/ip/127.0.0.1/id/{video.id}/source/yt_live/sig/xyz"

    def _multivariant(self, video: YoutubeVideo) -> str:
        lines = ["#EXTM3U", "#EXT-X-INDEPENDENT-SEGMENTS"]
        sound = ""
        if video.offer is Offer.APART:
            at = f"{self.media_at}/api/manifest/hls_playlist/{self._signed(video)}/itag/234/playlist/index.m3u8"
            lines.append(f'#EXT-X-MEDIA:URI="{at}",TYPE=AUDIO,GROUP-ID="234",NAME="Default",DEFAULT=YES,AUTOSELECT=YES')
            sound = ',AUDIO="234"'
        for itag, height in _HEIGHTS.items():
            lines += [
                f'#EXT-X-STREAM-INF:BANDWIDTH={height * 3000},CODECS="mp4a.40.2,avc1.4D401F",'
                f"RESOLUTION={height * 16 // 9}x{height},FRAME-RATE=30{sound}",
                f"{self.media_at}/api/manifest/hls_playlist/{self._signed(video)}/itag/{itag}/playlist/index.m3u8",
            ]
        return "\n".join([*lines, ""])

    def _media(self, video: YoutubeVideo) -> str:
        written = video_playlist(video.segments, video.seconds).splitlines()
        placed = [f"/segment/{video.id}/{line}" if line.endswith(".ts") else line for line in written]
        if video.state is VideoState.LIVE:
            placed = [line for line in placed if line not in ("#EXT-X-ENDLIST", "#EXT-X-PLAYLIST-TYPE:VOD")]
        return "\n".join([*placed, ""])


def _playlist(text: str) -> SiteAnswer:
    return SiteAnswer(200, text.encode(), {"content-type": "application/vnd.apple.mpegurl"})
