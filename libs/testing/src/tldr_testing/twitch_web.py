"""A Twitch on loopback: the GraphQL and playlist addresses that its player asks, as streamlink's real plugin reads them.

Persisted queries are known by their hash and need a Client-ID; playlists need a token that was signed here and has not run
out; every new session begins with an advertisement; an end is a playlist with ENDLIST, and a return is a new session.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tldr_testing.site_playlists import VARIANTS, LiveSession, live_playlist, multivariant, video_playlist
from tldr_testing.site_server import SiteAnswer, SiteRequest, SiteServer
from tldr_testing.twitch_shown import Channel, Video

__all__ = ["TWITCH_HOSTS", "Channel", "TwitchWeb", "Video"]

PLAYLISTS = "video-weaver.lhr03.hls.ttvnw.net"
TWITCH_HOSTS = ("gql.twitch.tv", "usher.ttvnw.net", "www.twitch.tv", PLAYLISTS)
_CLIENT_ID = "kimne78kx3ncx6brgo4mv6wki5h1ko"
_SECRET = b"a secret of nobody"
_HASHES = {
    "PlaybackAccessToken": "ed230aa1e33e07eebb8928504583da78a5173989fadfb1ac94be06a04f3cdbe9",
    "ChannelShell": "fea4573a7bf2644f5b3f2cbbdcbee0d17312e48d2e55f080589d053aad353f11",
    "StreamMetadata": "b57f9b910f8cd1a4659d894fe7550ccc81ec9052c01e438b290fd66a040b9b93",
    "VideoMetadata": "45111672eea2e507f8ba44d101a61862f9c56b11dee09a15634cb75cb9b9084d",
}
Operation = Callable[[Mapping[str, Any]], Any]


class TwitchWeb(SiteServer):
    """`sites` is what TLDR_INGEST_SITES is set to. Each fault is an attribute; see the module for what is checked.

    `operations`: further persisted queries by name, each with its hash, for who plays more of Twitch.
    """

    def __init__(self, *, preroll_s: float = 15.0, token_s: float = 1200.0, session_s: float = 86_400.0) -> None:
        super().__init__()
        self.channels: dict[str, Channel] = {}
        self.videos: dict[str, Video] = {}
        self.sessions: dict[str, LiveSession] = {}
        self.operations: dict[str, tuple[str, Operation]] = {}
        self.preroll_s = preroll_s
        self.token_s = token_s
        self.session_s = session_s
        self.ad = b"an advertisement"
        self.clock: Callable[[], float] = time.time
        # Faults.
        self.queries_unknown = False
        self.integrity_wanted = False
        self.token_while_offline = False
        self.usher_status = 0
        self.playlists_at = f"https://{PLAYLISTS}"

    @property
    def sites(self) -> dict[str, str]:
        """Its hosts, and where they are played."""
        return dict.fromkeys(TWITCH_HOSTS, self.base)

    def add(self, *items: Channel | Video) -> None:
        """Show channels and videos."""
        for item in items:
            if isinstance(item, Channel):
                self.channels[item.login] = item
            else:
                self.videos[item.id] = item

    def expire(self) -> None:
        """Refuse the playlists of all sessions so far, as after a day."""
        for session in self.sessions.values():
            session.expired = True

    def answer(self, request: SiteRequest) -> SiteAnswer:
        """See the class."""
        parts = [part for part in request.path.split("/") if part]
        match request.host, parts:
            case "gql.twitch.tv", ["gql"]:
                return self._gql(request)
            case "usher.ttvnw.net", ["api", "v2", "channel", "hls", name]:
                return self._usher_live(request, name.removesuffix(".m3u8"))
            case "usher.ttvnw.net", ["vod", "v2", name]:
                return self._usher_video(request, name.removesuffix(".m3u8"))
        return self._media(parts) or SiteAnswer(404)

    def _media(self, parts: Sequence[str]) -> SiteAnswer | None:
        found: bytes | None = None
        match parts:
            case ["v1", "playlist", session, _]:
                return self._live_playlist(session)
            case ["vods", video, _, "index.m3u8"]:
                return _text(video_playlist(self.videos[video].segments, self.videos[video].seconds))
            case ["v1", "ad", _]:
                found = self.ad
            case ["v1", "segment", login, number]:
                segments = self.channels[login].segments
                found = segments[int(number.removesuffix(".ts")) % len(segments)]
            case ["vods", video, _, number]:
                found = self.videos[video].segments[int(number.removesuffix(".ts"))]
        return SiteAnswer(body=found) if found is not None else None

    def _gql(self, request: SiteRequest) -> SiteAnswer:
        if request.headers.get("client-id") != _CLIENT_ID:
            words = 'The "Client-ID" header is missing from the request.'
            return _json({"error": "Bad Request", "status": 400, "message": words}, 400)
        asked = json.loads(request.body)
        answers = [self._operation(one, request) for one in (asked if isinstance(asked, list) else [asked])]
        return _json(answers if isinstance(asked, list) else answers[0])

    def _operation(self, asked: Mapping[str, Any], request: SiteRequest) -> Any:
        name, digest = asked["operationName"], asked["extensions"]["persistedQuery"]["sha256Hash"]
        variables = asked["variables"]
        own = self.operations.get(name)
        if self.queries_unknown or digest != (own[0] if own else _HASHES.get(name)):
            return {"errors": [{"message": "PersistedQueryNotFound"}], "extensions": {}}
        if own:
            return own[1](variables)
        if name == "PlaybackAccessToken" and self.integrity_wanted and "client-integrity" not in request.headers:
            return {"error": "Forbidden", "status": 403, "message": "failed integrity check"}
        return {"data": {"PlaybackAccessToken": self._token, "ChannelShell": self._shell,
                         "StreamMetadata": self._stream, "VideoMetadata": self._video}[name](variables)}  # fmt: skip

    def _token(self, variables: Mapping[str, Any]) -> Any:
        if variables["isVod"]:
            known = variables["vodID"] in self.videos
            return {"videoPlaybackAccessToken": self._signed(variables["vodID"]) if known else None}
        channel = self.channels.get(variables["login"])
        given = channel is not None and (channel.live or self.token_while_offline)
        return {"streamPlaybackAccessToken": self._signed(variables["login"]) if given else None}

    def _signed(self, name: str) -> dict[str, str]:
        expires = int(self.clock() + self.token_s)
        value = json.dumps({"channel": name, "expires": expires, "chansub": {"restricted_bitrates": []}})
        return {"value": value, "signature": _signature(value)}

    def _shell(self, variables: Mapping[str, Any]) -> Any:
        channel = self.channels.get(variables["login"])
        if channel is None:
            return {"userOrError": {"userDoesNotExist": "", "reason": "UNKNOWN", "__typename": "UserDoesNotExist"}}
        return {"userOrError": {"id": "1", "displayName": channel.login.title(), "__typename": "User"}}

    def _stream(self, variables: Mapping[str, Any]) -> Any:
        channel = self.channels.get(variables["channelLogin"])
        if channel is None:
            return {"user": None}
        stream = {"id": channel.broadcast, "game": {"name": "Chess"}, "type": "live"} if channel.live else None
        return {"user": {"lastBroadcast": {"id": channel.broadcast, "title": channel.title}, "stream": stream}}

    def _video(self, variables: Mapping[str, Any]) -> Any:
        video = self.videos.get(variables["videoID"])
        if video is None:
            return {"video": None}
        said = {"id": video.id, "owner": {"displayName": video.owner}, "title": video.title}
        return {"video": {**said, "game": {"displayName": "Chess"}}}

    def _admitted(self, name: str, token: str, signature: str) -> SiteAnswer | None:
        if self.usher_status:
            return _json([{"type": "error", "error": "a fault"}], self.usher_status)
        if not hmac.compare_digest(signature, _signature(token)):
            return _json([{"type": "error", "error": "nauth signature invalid"}], 403)
        claims = json.loads(token)
        if claims["channel"] != name or claims["expires"] < self.clock():
            return _json([{"type": "error", "error": "nauth token expired"}], 403)
        return None

    def _usher_live(self, request: SiteRequest, login: str) -> SiteAnswer:
        refused = self._admitted(login, request.query.get("token", ""), request.query.get("sig", ""))
        channel = self.channels.get(login)
        if refused is None and (channel is None or not channel.live):
            refused = _json([{"type": "error", "error": "transcode does not exist"}], 404)
        if refused is None and channel and channel.subscribers_only:
            refused = _json([{"type": "error", "error": "unauthorized_entitlements"}], 403)
        if refused is not None or channel is None:
            return refused or SiteAnswer(404)
        name = f"s{len(self.sessions)}"
        self.sessions[name] = LiveSession(channel.login, self.clock(), channel.started_at)
        return _text(
            multivariant({variant: f"{self.playlists_at}/v1/playlist/{name}/{variant}.m3u8" for variant in VARIANTS})
        )

    def _usher_video(self, request: SiteRequest, video: str) -> SiteAnswer:
        refused = self._admitted(video, request.query.get("nauth", ""), request.query.get("nauthsig", ""))
        if refused is None and self.videos[video].subscribers_only:
            refused = _json([{"type": "error", "error": "vod_manifest_restricted"}], 403)
        if refused is not None:
            return refused
        return _text(
            multivariant({variant: f"{self.playlists_at}/vods/{video}/{variant}/index.m3u8" for variant in VARIANTS})
        )

    def _live_playlist(self, name: str) -> SiteAnswer:
        session = self.sessions.get(name)
        if session is None or session.expired or self.clock() > session.created_at + self.session_s:
            return SiteAnswer(403)
        channel = self.channels[session.login]
        if not session.ended_at and (not channel.live or channel.started_at != session.started_at):
            session.ended_at = self.clock()
        return _text(live_playlist(session, self.clock(), self.preroll_s))


def _signature(value: str) -> str:
    return hmac.new(_SECRET, value.encode(), hashlib.sha1).hexdigest()


def _json(value: Any, status: int = 200) -> SiteAnswer:
    return SiteAnswer(status, json.dumps(value).encode(), {"content-type": "application/json"})


def _text(value: str) -> SiteAnswer:
    return SiteAnswer(200, value.encode(), {"content-type": "application/vnd.apple.mpegurl"})
