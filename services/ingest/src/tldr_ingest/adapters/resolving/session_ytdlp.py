"""yt-dlp with the guard as its only transport, knowing pages of YouTube only; loaded in a resolving process only."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from yt_dlp import YoutubeDL
from yt_dlp.extractor.youtube import YoutubeIE, YoutubeTabIE
from yt_dlp.globals import plugin_dirs
from yt_dlp.networking.common import Request, RequestHandler, Response
from yt_dlp.networking.exceptions import HTTPError, TransportError
from yt_dlp.version import __version__ as VERSION

from tldr_ingest.adapters.resolving.outside import Outside
from tldr_outbound import OutboundError

LIBRARY = f"yt-dlp {VERSION}"


def _handler_over(outside: Outside) -> type[RequestHandler]:
    class GuardedRH(RequestHandler):  # type: ignore[misc] # yt-dlp has no types
        """yt-dlp wants a class, and makes the object itself."""

        _SUPPORTED_URL_SCHEMES = ("http", "https")
        _SUPPORTED_PROXY_SCHEMES = ()
        _SUPPORTED_FEATURES = ()

        def _check_extensions(self, extensions: dict[str, Any]) -> None:
            super()._check_extensions(extensions)
            # Of connections and cookies, which are ours or not kept; browsers are not imitated.
            for name in ("cookiejar", "timeout", "legacy_ssl", "keep_header_casing", "impersonate"):
                extensions.pop(name, None)

        def _send(self, request: Request) -> Response:
            data = request.data
            if data is not None and not isinstance(data, bytes):
                data = b"".join(data)
            try:
                reply = outside.exchange(request.method, request.url, self._get_headers(request), data, follow=True)
            except OutboundError as error:
                raise TransportError(cause=error) from error
            response = Response(io.BytesIO(reply.body), reply.url, dict(reply.headers), reply.status)
            if not 200 <= reply.status < 300:
                raise HTTPError(response)
            return response

    return GuardedRH


class Words:
    """yt-dlp's logger: what it says is kept, as the reason why a video has no formats is said nowhere else."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def debug(self, message: str) -> None:
        """Progress, of no interest."""

    info = debug

    def warning(self, message: str, **_: object) -> None:
        """Keep it."""
        self.said.append(message)

    error = warning


class YoutubeReader(YoutubeDL):  # type: ignore[misc] # yt-dlp has no types
    """`runtime`: of JavaScript, by name the path of its program; none where empty."""

    def __init__(self, outside: Outside, words: Words, runtime: Mapping[str, str]) -> None:
        self._outside = outside
        plugin_dirs.value = []
        super().__init__(
            {
                "allowed_extractors": ["youtube", "youtube:tab"],
                "cachedir": False,
                "extractor_args": {"youtube": {"skip": ["dash", "translated_subs"]}},
                "extractor_retries": 1,
                "format": "all",
                "ignore_no_formats_error": True,
                "js_runtimes": {name: {"path": path} for name, path in runtime.items()},
                "logger": words,
                "noplaylist": True,
                "playlist_items": "1",
                "proxy": "",
                "remote_components": [],
                "simulate": True,
                "skip_download": True,
                "socket_timeout": 10,
                "color": "never",
            },
            auto_init=False,
        )
        self.add_info_extractor(YoutubeIE())
        self.add_info_extractor(YoutubeTabIE())

    def build_request_director(self, handlers: object, preferences: object = None) -> Any:
        """Only through the guard, whatever handlers there are."""
        return super().build_request_director([_handler_over(self._outside)])
