"""Where a part's file can come from."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tldr_video_analysis.adapters.part_bytes import bytes_of
from tldr_video_analysis.domain.analyser import PartUnavailable
from tldr_video_analysis.domain.segment_part import SegmentPart


def part(source: bytes | str) -> SegmentPart:
    return SegmentPart(7, 0, 1000, 0, True, True, source)


class Bucket(BaseHTTPRequestHandler):
    """One object, `/segment`; anything else is a 404."""

    def do_GET(self) -> None:
        found = self.path == "/segment?signature=1"
        self.send_response(200 if found else 404)
        self.end_headers()
        self.wfile.write(b"the file" if found else b"")

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def bucket() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Bucket)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_bytes_are_taken_as_they_are() -> None:
    assert bytes_of(part(b"the file")) == b"the file"


def test_a_path_is_read(tmp_path: Path) -> None:
    (tmp_path / "part").write_bytes(b"the file")
    assert bytes_of(part(str(tmp_path / "part"))) == b"the file"


def test_a_presigned_url_is_fetched(bucket: str) -> None:
    assert bytes_of(part(f"{bucket}/segment?signature=1")) == b"the file"


def test_what_cannot_be_had_says_which_segment_and_why(bucket: str, tmp_path: Path) -> None:
    with pytest.raises(PartUnavailable, match=r"segment 7 .* 404"):
        bytes_of(part(f"{bucket}/other"))
    with pytest.raises(PartUnavailable, match="segment 7"):
        bytes_of(part(str(tmp_path / "nothing")))
    with pytest.raises(PartUnavailable, match="segment 7"):
        bytes_of(part("http://127.0.0.1:9/segment"))
