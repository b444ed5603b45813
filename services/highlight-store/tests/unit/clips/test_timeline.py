"""Segments are read wherever they lie."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tldr_highlight_store.adapters.clips.cutter_pyav import cut_clip
from tldr_highlight_store.domain.clips.cutting import SegmentPart, SegmentUnreadable


class Store(BaseHTTPRequestHandler):
    """Answers with what is in `files`, by path."""

    files: dict[str, bytes] = {}  # noqa: RUF012 - the server makes a handler for each request, they share the files

    def do_GET(self) -> None:
        body = self.files.get(self.path)
        self.send_response(200 if body is not None else 404)
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Store)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_segments_are_fetched_from_their_addresses(studio: Any, recording: Path, address: str) -> None:
    parts = studio.segments(recording)
    Store.files = {f"/{part.index}.mp4": part.source for part in parts}
    stored = [
        SegmentPart(part.index, f"{address}/{part.index}.mp4", 0, part.start_ms, part.end_ms, "mp4", part.decode_from)
        for part in parts
    ]
    assert cut_clip(stored, 1_000, 3_000) == cut_clip(parts, 1_000, 3_000)


def test_a_segment_that_is_gone_is_named(address: str) -> None:
    Store.files = {}
    with pytest.raises(SegmentUnreadable, match="Segment 0") as raised:
        cut_clip([SegmentPart(0, f"{address}/0.mp4", 0, 0, 4_000, "mp4", 0)], 1_000, 3_000)
    assert raised.value.transient
