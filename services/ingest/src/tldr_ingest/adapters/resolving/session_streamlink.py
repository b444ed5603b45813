"""streamlink with the guard as its only transport; loaded in a resolving process only, as it patches urllib3."""

from __future__ import annotations

import io
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from requests.utils import get_encoding_from_headers
from streamlink.plugin import Plugin
from streamlink.session.http import HTTPSession
from streamlink.session.session import Streamlink
from streamlink.stream.hls.hls import HLSStream
from streamlink.stream.hls.segment import HLSPlaylist, StreamInfo

from tldr_ingest.adapters.resolving.outside import Outside
from tldr_ingest.domain.resolving.renditions import Rendition
from tldr_outbound import OutboundError

LIBRARY = f"streamlink {version('streamlink')}"

_OPTIONS = {
    "no-plugin-cache": True,
    # Without: it would look for a Chromium and run a site's code in it.
    "webbrowser": False,
    # Of no program: it would be asked for its version.
    "ffmpeg-ffmpeg": "none",
    "locale": "en_US",
}
_KEPT_HEADERS = ("User-Agent", "Referer", "Origin")


class _GuardedAdapter(BaseAdapter):
    """One request through the guard; requests follows redirects itself, each through here again."""

    def __init__(self, outside: Outside) -> None:
        super().__init__()
        self._outside = outside

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        body = request.body.encode() if isinstance(request.body, str) else request.body
        try:
            reply = self._outside.exchange(
                request.method or "GET",
                request.url or "",
                {name: str(value) for name, value in request.headers.items()},
                body if isinstance(body, bytes) else None,
                follow=False,
            )
        except OutboundError as error:
            raise requests.ConnectionError(str(error), request=request) from error
        response = requests.Response()
        response.status_code = reply.status
        response.url = reply.url
        response.headers = CaseInsensitiveDict(reply.headers)
        response.encoding = get_encoding_from_headers(response.headers)
        response.raw = io.BytesIO(reply.body)
        response.request = request
        return response

    def close(self) -> None:
        """There is nothing to close."""


class GuardedSession(HTTPSession):
    """Every address has the guarded adapter, also those for which a plugin brings one of its own (Kick's does)."""

    def __init__(self, outside: Outside) -> None:
        self._guarded = _GuardedAdapter(outside)
        super().__init__()
        self.adapters.clear()
        self.trust_env = False

    def mount(self, prefix: str | bytes, adapter: BaseAdapter) -> None:
        """Nothing is mounted."""

    def get_adapter(self, url: str | bytes) -> BaseAdapter:
        """The guarded one."""
        return self._guarded


def session_over(outside: Outside) -> Streamlink:
    """A session without plugins: whoever uses it names the plugin it means."""
    session = Streamlink(plugins_builtin=False)
    session.http = GuardedSession(outside)
    for name, value in _OPTIONS.items():
        session.set_option(name, value)
    return session


def headers_of(session: Streamlink) -> tuple[tuple[str, str], ...]:
    """What a player of this session would send with each request for media."""
    found: Mapping[str, str | bytes] = session.http.headers
    return tuple((name.lower(), str(found[name])) for name in _KEPT_HEADERS if name in found)


def renditions_of(streams: Mapping[str, object]) -> tuple[list[Rendition], str]:
    """The HLS renditions among a plugin's streams, and the address of the multivariant playlist they came from."""
    found: dict[str, Rendition] = {}
    multivariant = ""
    for stream in streams.values():
        if not isinstance(stream, HLSStream):
            continue
        if stream.multivariant is None:
            found.setdefault(stream.url, Rendition(stream.url))
            continue
        multivariant = stream.multivariant.uri or ""
        playlist = next((one for one in stream.multivariant.playlists if one.uri == stream.url), None)
        if playlist is not None and isinstance(playlist.stream_info, StreamInfo):
            found[stream.url] = _rendition(playlist, playlist.stream_info)
    return list(found.values()), multivariant


def _rendition(playlist: HLSPlaylist, info: StreamInfo) -> Rendition:
    codecs = tuple(codec.strip() for codec in info.codecs if codec.strip())
    sound_alone = info.resolution is None and bool(codecs) and all(codec.startswith("mp4a") for codec in codecs)
    return Rendition(
        url=playlist.uri,
        width=info.resolution.width if info.resolution else 0,
        height=info.resolution.height if info.resolution else 0,
        fps=info.framerate or 0.0,
        codecs=codecs,
        bandwidth=info.bandwidth or 0,
        video=not sound_alone,
        apart=bool(info.audio)
        and any(one.uri and one.group_id == info.audio for one in playlist.media if one.type == "AUDIO"),
    )


def streams_of(plugin: Plugin) -> Mapping[str, object]:
    """A plugin's streams; an empty mapping where it says that there are none."""
    return plugin.streams() or {}
