"""A web server on loopback that plays several hosts of a site, each told by the Host header."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True, slots=True)
class SiteRequest:
    """A request; `query` has the first value of each name."""

    method: str
    host: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class SiteAnswer:
    """An answer."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


class SiteServer:
    """Serves `answer(request)` from its start to its end, and remembers in `asked` what it was asked.

    `hangs`: requests to these paths are never answered. `redirects`: a path to where it leads.
    """

    def __init__(self) -> None:
        self.asked: list[SiteRequest] = []
        self.hangs: set[str] = set()
        self.redirects: dict[str, str] = {}
        self._stopping = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _handler_of(self._handle))
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def base(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def answer(self, request: SiteRequest) -> SiteAnswer:
        """What a site answers."""
        raise NotImplementedError

    def paths(self, host: str = "") -> list[str]:
        """What was asked for, of one host or of all."""
        return [request.path for request in list(self.asked) if not host or request.host == host]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handle(self, request: SiteRequest) -> SiteAnswer | None:
        self.asked.append(request)
        if request.path in self.hangs:
            self._stopping.wait()
            return None
        if request.path in self.redirects:
            return SiteAnswer(302, headers={"location": self.redirects[request.path]})
        return self.answer(request)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is part of the tests."""


def _handler_of(handle: Callable[[SiteRequest], SiteAnswer | None]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 1 << 16  # head and body in one packet: the second of two would wait 40 ms for an acknowledgement
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("content-length") or 0)
            answer = handle(
                SiteRequest(
                    self.command,
                    self.headers.get("host", "").partition(":")[0],
                    parts.path,
                    {name: values[0] for name, values in parse_qs(parts.query).items()},
                    {name.lower(): value for name, value in self.headers.items()},
                    self.rfile.read(length),
                )
            )
            if answer is None:
                self.close_connection = True
                return
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(answer.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer.body)

        do_POST = do_GET
        do_HEAD = do_GET

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    return Handler
