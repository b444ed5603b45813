"""A real HTTP server on 127.0.0.1 whose routes are plain functions."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

Route = Callable[["Exchange"], None]


class Exchange(BaseHTTPRequestHandler):
    """One request, with the answers the tests need."""

    protocol_version = "HTTP/1.1"
    server: SourceServer

    def do_GET(self) -> None:
        self.server.seen.append((self.path, self.headers.get("range", ""), self.headers.get("host", "")))
        self.server.routes[self.path.split("?")[0]](self)

    do_POST = do_GET

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def redirect(self, location: str) -> None:
        self.answer(302, b"", location=location)

    def answer_range(self, body: bytes, drop_after: int | None = None, **headers: str) -> None:
        """A ranged answer; breaks off after `drop_after` bytes."""
        found = re.match(r"bytes=(\d+)-", self.headers.get("range", ""))
        start = int(found[1]) if found else 0
        if start >= len(body):
            self.answer(416, content_range=f"bytes */{len(body)}")
            return
        part = body[start:]
        self.send_response(206)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("content-range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        self.send_header("content-length", str(len(part)))
        self.end_headers()
        if drop_after is not None and drop_after < len(part):
            self.wfile.write(part[:drop_after])
            self.wfile.flush()
            self.close_connection = True
            return
        self.wfile.write(part)

    def hang(self) -> None:
        """Never answer; ends with the server."""
        self.server.stopping.wait()
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class SourceServer(ThreadingHTTPServer):
    """Serves `routes` by path and remembers what was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Exchange)
        self.routes: dict[str, Route] = {}
        self.seen: list[tuple[str, str, str]] = []
        self.stopping = threading.Event()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is part of the tests."""


@pytest.fixture
def server() -> Iterator[SourceServer]:
    source = SourceServer()
    thread = threading.Thread(target=source.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield source
    source.stopping.set()
    source.shutdown()
    source.server_close()
    thread.join()
