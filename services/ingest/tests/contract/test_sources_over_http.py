"""Sources at an address: through the guard, nested requests too."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import av
import pytest

from tldr_ingest.adapters.chat.task import ChatTask, read_chat
from tldr_ingest.adapters.live.recordings import read_recording
from tldr_ingest.adapters.media.segmenter_pyav import cut_source
from tldr_ingest.adapters.media.source_pyav import AddressSource, FileSource
from tldr_ingest.adapters.media.task import read_media
from tldr_ingest.adapters.prepared import prepare
from tldr_ingest.adapters.reading.messages import Task, read_in_worker
from tldr_ingest.adapters.reading.places import GuardedAddress
from tldr_ingest.domain.errors import NotMedia, PlaylistUnreadable, PlaylistWithoutEnd, SourceEmpty, SourceEncrypted
from tldr_ingest.domain.media.source import CutSegment, ReadGap, ResumeCursor, SourceEvent
from tldr_outbound import (
    AddressPolicy,
    AddressRefused,
    DeadlineExceeded,
    OutboundError,
    ReadingLimits,
    SourceNotFound,
    SourceUnavailable,
)
from tldr_testing import packages_loaded

LOOPBACK = AddressPolicy(allow_loopback=True)
LIMITS = ReadingLimits(connect_s=1.0, read_s=0.3, stall_s=1.0, attempts=2, backoff_s=0.01)


class FileHandler(BaseHTTPRequestHandler):
    """Serves the server's files; how is said by the server's settings."""

    protocol_version = "HTTP/1.1"
    server: FileServer

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        if self.path in self.server.redirects:
            self._answer(302, b"", location=self.server.redirects[self.path])
        elif self.path not in self.server.files:
            self._answer(404, b"")
        elif self.path in self.server.silent:
            self.server.stopping.wait()
            self.close_connection = True
        else:
            self._serve(self.server.files[self.path])

    def _serve(self, body: bytes) -> None:
        found = re.match(r"bytes=(\d+)-(\d*)", self.headers.get("range", ""))
        if found is None or not self.server.ranges:
            self._answer(200, body)
            return
        start, last = int(found[1]), min(int(found[2] or len(body)), len(body) - 1)
        self._answer(206, body[start : last + 1], content_range=f"bytes {start}-{last}/{len(body)}")

    def _answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        limit = self.server.drop_after
        self.wfile.write(body if limit is None else body[:limit])
        self.close_connection = limit is not None and limit < len(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class FileServer(ThreadingHTTPServer):
    """A web server with files in memory."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), FileHandler)
        self.files: dict[str, bytes] = {}
        self.redirects: dict[str, str] = {}
        self.silent: set[str] = set()
        self.asked: list[str] = []
        self.ranges = True
        self.drop_after: int | None = None
        self.stopping = threading.Event()

    def source(self, path: str, policy: AddressPolicy = LOOPBACK) -> AddressSource:
        return AddressSource(f"http://127.0.0.1:{self.server_address[1]}{path}", policy, LIMITS)

    def read(self, path: str) -> list[SourceEvent]:
        """What a reading process reads of an address, files and playlists alike."""
        place = GuardedAddress(f"http://127.0.0.1:{self.server_address[1]}{path}", LOOPBACK, LIMITS)
        items = read_recording(place, None, 1080)
        return [replace(i.value, data=i.data or b"") if isinstance(i.value, CutSegment) else i.value for i in items]

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is part of the tests."""


@pytest.fixture
def server() -> Iterator[FileServer]:
    files = FileServer()
    thread = threading.Thread(target=files.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield files
    files.stopping.set()
    files.shutdown()
    files.server_close()
    thread.join()


@pytest.fixture
def recording(record: Any) -> Path:
    path: Path = record("a.mp4", record.Picture(), record.Sound())
    return path


def test_an_address_gives_the_same_segments_as_the_file(server: FileServer, recording: Path) -> None:
    server.files["/a.mp4"] = recording.read_bytes()
    events = list(cut_source(server.source("/a.mp4")))
    assert events == list(cut_source(FileSource(recording)))
    segments = [event for event in events if isinstance(event, CutSegment)]
    after = segments[0].cursor
    assert isinstance(after, ResumeCursor)
    assert list(cut_source(server.source("/a.mp4"), after=after))[1:-1] == segments[1:]


def test_a_connection_that_drops_all_the_time_is_taken_up_again(server: FileServer, record: Any) -> None:
    path = record("a.mp4", record.Picture(width=640, height=480, frames=150), record.Sound(seconds=5))
    server.files["/a.mp4"] = path.read_bytes()
    server.drop_after = 20_000
    assert list(cut_source(server.source("/a.mp4"))) == list(cut_source(FileSource(path)))
    assert len(server.asked) > 3


def test_a_server_without_ranges_serves_what_can_be_read_onwards(server: FileServer, record: Any) -> None:
    path = record("a.ts", record.Picture(), record.Sound(), format="mpegts")
    server.files["/a.ts"] = path.read_bytes()
    server.ranges = False
    found = [event for event in cut_source(server.source("/a.ts")) if isinstance(event, CutSegment)]
    assert found == [event for event in cut_source(FileSource(path)) if isinstance(event, CutSegment)]


def _playlist(server: FileServer, record: Any, folder: Path, **options: str) -> list[str]:
    path = record("a.mp4", record.Picture(options={"g": "30", "bf": "0", "preset": "ultrafast"}), record.Sound())
    with (
        av.open(str(path)) as source,
        av.open(
            str(folder / "list.m3u8"),
            "w",
            format="hls",
            options={
                "hls_time": "2",
                "hls_list_size": "0",
                **{name: value for name, value in options.items() if value},
            },
        ) as output,
    ):
        targets = [output.add_stream_from_template(stream, opaque=True) for stream in source.streams]
        for packet in source.demux():
            if packet.size:
                packet.stream = targets[packet.stream_index]
                output.mux(packet)
    for part in folder.iterdir():
        server.files[f"/hls/{part.name}"] = part.read_bytes()
    return sorted(name for name in server.files if name.endswith(".ts"))


def test_a_playlist_is_read_through_the_guard(server: FileServer, record: Any, tmp_path: Path) -> None:
    parts = _playlist(server, record, tmp_path)
    assert len(parts) == 5
    server.redirects["/elsewhere.m3u8"] = "/hls/list.m3u8"
    events = server.read("/elsewhere.m3u8")
    segments = [event for event in events if isinstance(event, CutSegment)]
    assert events[0].format == "hls"  # type: ignore[union-attr]
    assert sum(segment.video_packets for segment in segments) == 300
    assert abs(segments[-1].end_ms - 10_000) < 100
    assert set(parts) <= set(server.asked)


@pytest.mark.parametrize(
    "target", ["http://169.254.169.254/latest/meta-data", "http://10.0.0.1/a.ts", "file:///etc/passwd", "data:,a"]
)
def test_a_playlist_that_leads_to_a_refused_address_is_refused(
    server: FileServer, record: Any, tmp_path: Path, target: str
) -> None:
    _playlist(server, record, tmp_path)
    lines = server.files["/hls/list.m3u8"].decode().replace("list1.ts", target)
    server.files["/hls/list.m3u8"] = lines.encode()
    with pytest.raises((AddressRefused, PlaylistUnreadable)):
        server.read("/hls/list.m3u8")


def test_a_playlist_of_playlists_that_leads_to_a_refused_address_is_refused(server: FileServer) -> None:
    server.files["/a.m3u8"] = b"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nhttp://192.168.0.1/b.m3u8\n"
    with pytest.raises(AddressRefused):
        server.read("/a.m3u8")


def test_a_part_of_a_playlist_that_is_missing_is_a_gap(server: FileServer, record: Any, tmp_path: Path) -> None:
    parts = _playlist(server, record, tmp_path)
    del server.files[parts[2]]
    events = server.read("/hls/list.m3u8")
    gaps = [event for event in events if isinstance(event, ReadGap)]
    assert {gap.modality for gap in gaps} == {"video", "audio"}
    assert all(abs(gap.start_ms - 4000) < 200 and abs(gap.end_ms - 6000) < 200 for gap in gaps), gaps


@pytest.mark.parametrize("kind", ["mpegts", "fmp4"])
@pytest.mark.parametrize("ranges", [True, False])
def test_a_playlist_of_byte_ranges_gives_what_a_playlist_of_files_gives(
    server: FileServer, record: Any, tmp_path: Path, kind: str, ranges: bool
) -> None:
    for folder, flags in (("files", ""), ("ranges", "single_file")):
        (tmp_path / folder).mkdir()
        _playlist(server, record, tmp_path / folder, hls_segment_type=kind, hls_flags=flags)
        server.files |= {name.replace("/hls/", f"/{folder}/"): data for name, data in server.files.items()}
    assert b"EXT-X-BYTERANGE" in server.files["/ranges/list.m3u8"]
    server.ranges = ranges
    found = [server.read(f"/{folder}/list.m3u8") for folder in ("ranges", "files")]
    segments = [[one for one in events if isinstance(one, CutSegment)] for events in found]
    assert sum(segment.video_packets for segment in segments[0]) == 300
    assert [one for one in found[0] if isinstance(one, ReadGap)] == []
    assert [(one.start_ms, one.end_ms, one.data) for one in segments[0]] == [
        (one.start_ms, one.end_ms, one.data) for one in segments[1]
    ]


def test_a_playlist_that_only_a_player_opens_is_refused_by_what_it_is(
    server: FileServer, record: Any, tmp_path: Path
) -> None:
    _playlist(server, record, tmp_path)
    key = b'#EXT-X-KEY:METHOD=SAMPLE-AES,URI="key"\n#EXTINF'
    server.files["/hls/list.m3u8"] = server.files["/hls/list.m3u8"].replace(b"#EXTINF", key, 1)
    with pytest.raises(SourceEncrypted, match="encrypted"):
        server.read("/hls/list.m3u8")


def test_a_playlist_without_an_end_is_refused_by_what_it_is(server: FileServer, record: Any, tmp_path: Path) -> None:
    _playlist(server, record, tmp_path)
    server.files["/hls/list.m3u8"] = server.files["/hls/list.m3u8"].replace(b"#EXT-X-ENDLIST", b"")
    with pytest.raises(PlaylistWithoutEnd, match="live"):
        server.read("/hls/list.m3u8")


def test_what_goes_wrong_has_a_code(server: FileServer) -> None:
    server.files |= {"/silent": b"", "/empty": b"", "/text": b"no recording\n" * 99}
    server.silent.add("/silent")
    server.redirects |= {"/inside": "http://10.0.0.1/a.mp4", "/file": "file:///etc/passwd"}
    expected = {
        "/missing": SourceNotFound,
        "/silent": DeadlineExceeded,
        "/empty": SourceEmpty,
        "/text": NotMedia,
        "/inside": AddressRefused,
        "/file": OutboundError,
    }
    for path, kind in expected.items():
        with pytest.raises(kind) as caught:
            list(cut_source(server.source(path)))
        assert caught.value.code  # type: ignore[attr-defined]
    with pytest.raises(AddressRefused):
        list(cut_source(server.source("/a", AddressPolicy())))
    with pytest.raises(AddressRefused):
        list(cut_source(AddressSource("file:///etc/passwd", LOOPBACK)))


def test_a_source_that_fails_in_the_middle_gives_what_came_before(server: FileServer, record: Any) -> None:
    picture = record.Picture(width=640, height=480, frames=600)
    path = record("a.ts", picture, record.Sound(seconds=20), format="mpegts")
    server.files["/a.ts"] = path.read_bytes()
    server.ranges = False
    server.drop_after = int(path.stat().st_size * 0.7)
    whole = [event for event in cut_source(FileSource(path)) if isinstance(event, CutSegment)]
    for salvage in (False, True):
        found: list[Any] = []
        with pytest.raises(SourceUnavailable):
            found.extend(cut_source(server.source("/a.ts"), salvage=salvage))
        segments = [event for event in found if isinstance(event, CutSegment)]
        complete = segments[:-1] if salvage else segments
        assert complete == whole[: len(complete)]
        assert len(complete) >= 1


def test_a_process_is_prepared_with_all_that_readings_load(server: FileServer, recording: Path) -> None:
    server.files["/a.mp4"] = recording.read_bytes()
    server.files["/chat.json"] = b'[{"time_in_seconds": 1, "message": "gg", "author": {"name": "a"}}]'
    wanted = ChatTask(None, 0, window_s=10, first_index=0, limit_bytes=1 << 20, end_ms=10_000)
    media = Task(read_media, (GuardedAddress(server.source("/a.mp4").url, LOOPBACK, LIMITS), None))
    chat = Task(read_chat, (GuardedAddress(server.source("/chat.json").url, LOOPBACK, LIMITS), wanted))
    assert packages_loaded(prepare, partial(read_in_worker, media)) == set()
    assert packages_loaded(prepare, partial(read_in_worker, chat)) == set()


@pytest.mark.parametrize("ranges", [True, False])
@pytest.mark.parametrize("tag", [b"", b"ID3\x04\x00\x00\x00\x06\x00\x00" + bytes(6 << 14)], ids=["bare", "tagged"])
def test_a_file_at_an_address_that_was_cut_off_has_a_gap(
    server: FileServer, record: Any, ranges: bool, tag: bytes
) -> None:
    whole = record("a.mp3", record.Sound(codec="libmp3lame")).read_bytes()
    server.files["/a.mp3"] = tag + whole[: len(whole) * 6 // 10]
    server.ranges = ranges
    (gap,) = [event for event in cut_source(server.source("/a.mp3")) if isinstance(event, ReadGap)]
    assert (abs(gap.start_ms - 6_000) < 100, abs(gap.end_ms - 10_000) < 100) == (True, True)
