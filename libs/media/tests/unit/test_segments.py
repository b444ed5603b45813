"""Where a segment's file can come from."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tldr_media.segments import segment_bytes


class Bucket(BaseHTTPRequestHandler):
    """One object, `/segment`, and `/broken` that ends in the middle; anything else is a 404."""

    def do_GET(self) -> None:
        found = self.path in ("/segment?signature=1", "/broken")
        self.send_response(200 if found else 404)
        if self.path == "/broken":
            self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"the file" if found else b"")

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Bucket)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_bytes_are_taken_as_they_are() -> None:
    assert segment_bytes(b"the file") == b"the file"


def test_a_path_is_read(tmp_path: Path) -> None:
    (tmp_path / "part").write_bytes(b"the file")
    assert segment_bytes(str(tmp_path / "part")) == b"the file"


def test_a_presigned_url_is_fetched(bucket: str) -> None:
    assert segment_bytes(f"{bucket}/segment?signature=1") == b"the file"


def test_what_cannot_be_had_is_an_error_of_the_system(bucket: str, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="404"):
        segment_bytes(f"{bucket}/other")
    with pytest.raises(OSError, match="broke off"):
        segment_bytes(f"{bucket}/broken")
    with pytest.raises(OSError, match="nothing"):
        segment_bytes(str(tmp_path / "nothing"))
    with pytest.raises(OSError, match="refused"):
        segment_bytes("http://127.0.0.1:9/segment")
