"""What is no recording is refused, with a sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from tldr_ingest.domain.errors import DurationImpossible, IngestError, NotMedia, NoTracks, SourceEmpty, SourceTruncated
from tldr_ingest.domain.media.plausible import check_duration


def _refused(events_of: Any, path: Path) -> IngestError:
    with pytest.raises(IngestError) as caught:
        events_of(path)
    assert caught.value.sentence.endswith((".", ")."))
    return caught.value


def test_an_empty_file_is_refused(events_of: Any, tmp_path: Path) -> None:
    (tmp_path / "a.mp4").touch()
    assert isinstance(_refused(events_of, tmp_path / "a.mp4"), SourceEmpty)


@pytest.mark.parametrize(
    "content",
    [
        b"This is a text, not a recording.\n" * 100,
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=No Name\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n",
        b"#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nhttp://10.0.0.1/a.ts\n#EXT-X-ENDLIST\n",
        b"#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
        b"<html><body>Not found</body></html>" * 10,
        b"%PDF-1.7\n" + bytes(1000),
        bytes(100_000),
        bytes(range(256)) * 400,
    ],
    ids=["text", "concat", "sdp", "playlist", "playlist of a file", "html", "pdf", "zeros", "noise"],
)
def test_what_is_no_recording_is_refused(events_of: Any, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "upload.mp4"
    path.write_bytes(content)
    assert isinstance(_refused(events_of, path), NotMedia | NoTracks)


@pytest.mark.parametrize(("codec", "name"), [("png", "a.png"), ("mjpeg", "a.jpg")])
def test_a_picture_is_refused(events_of: Any, tmp_path: Path, codec: str, name: str) -> None:
    path = tmp_path / name
    with av.open(str(path), "w", format="image2", options={"update": "1"}) as output:
        stream: Any = output.add_stream(codec, rate=1)
        stream.width, stream.height = 64, 48
        stream.pix_fmt = "rgb24" if codec == "png" else "yuvj420p"
        frame = av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), format="rgb24")
        output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    error = _refused(events_of, path)
    assert isinstance(error, NotMedia)
    assert "picture" in error.sentence


def test_an_mp4_without_its_index_is_refused_as_cut_off(events_of: Any, record: Any) -> None:
    path = record("a.mp4", record.Picture(), record.Sound())
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    error = _refused(events_of, path)
    assert isinstance(error, SourceTruncated)
    assert "index" in error.sentence


def test_a_file_that_claims_hours_in_a_few_bytes_is_refused(events_of: Any, record: Any, tmp_path: Path) -> None:
    """Each frame of an MP4 file lasts as long as its `stts` box says; 0x7fffffff ticks of 1/12800 s are two days."""
    data = bytearray(record("a.mp4", record.Picture(frames=30)).read_bytes())
    at = data.index(b"stts") + 4
    entries = int.from_bytes(data[at + 4 : at + 8])
    for entry in range(entries):
        data[at + 12 + 8 * entry : at + 16 + 8 * entry] = (0x7FFFFFFF).to_bytes(4)
    bomb = tmp_path / "bomb.mp4"
    bomb.write_bytes(data)
    with pytest.raises(DurationImpossible, match="hours"):
        events_of(bomb)


@pytest.mark.parametrize(("duration_ms", "size_bytes"), [(600_000, 0), (36_000_000, 290_000), (43_200_000, 1 << 30)])
def test_what_a_real_recording_lasts_is_believed(duration_ms: int, size_bytes: int) -> None:
    check_duration(duration_ms, size_bytes)
