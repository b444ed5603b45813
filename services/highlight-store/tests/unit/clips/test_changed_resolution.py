"""Clips of a recording whose resolution changes."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from tldr_highlight_store.adapters.clips.cutter_pyav import cut_clip
from tldr_highlight_store.domain.clips.cutting import SegmentPart

LARGE, SMALL = (320, 180), (160, 90)
PIECE_S = 6
RATE = 10


def piece(size: tuple[int, int]) -> bytes:
    """A transport stream, which names the parameters in each of its keyframes; they come each second."""
    file = io.BytesIO()
    with av.open(file, "w", format="mpegts") as output:
        stream: Any = output.add_stream("libx264", rate=RATE, options={"preset": "ultrafast"})
        (stream.width, stream.height), stream.pix_fmt, stream.gop_size = size, "yuv420p", RATE
        for number in range(PIECE_S * RATE):
            grey = np.full(size[::-1], 40 + number, np.uint8)
            frame = av.VideoFrame.from_ndarray(grey, format="gray").reformat(format="yuv420p")
            frame.pts = number
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return file.getvalue()


def packets_of(file: bytes) -> Iterator[Any]:
    with av.open(io.BytesIO(file), "r") as source:
        yield from (packet for packet in source.demux(source.streams.video[0]) if packet.size)


@pytest.fixture(scope="module")
def parts(studio: Any, tmp_path_factory: pytest.TempPathFactory) -> list[SegmentPart]:
    """Six seconds large, six seconds small; the second part of about four seconds holds the joint."""
    path: Path = tmp_path_factory.mktemp("joint") / "joined.ts"
    with av.open(str(path), "w") as output:
        stream, shift = None, 0
        for size in (LARGE, SMALL):
            for packet in packets_of(piece(size)):
                stream = stream or output.add_stream_from_template(packet.stream)
                packet.stream, packet.pts, packet.dts = stream, packet.pts + shift, packet.dts + shift
                output.mux(packet)
            shift += round(PIECE_S / stream.time_base) if stream is not None and stream.time_base else 0
    return list(studio.segments(path, every_s=4.0))


def sizes(parts: list[SegmentPart], start_s: float, end_s: float) -> tuple[str, int, set[tuple[int, int]]]:
    start_ms, end_ms = (parts[0].start_ms + round(1000 * at_s) for at_s in (start_s, end_s))
    clip = cut_clip([part for part in parts if part.end_ms > start_ms and part.start_ms < end_ms], start_ms, end_ms)
    with av.open(io.BytesIO(clip.data), "r") as movie:
        frames = list(movie.decode(video=0))
    return clip.method, len(frames), {(frame.width, frame.height) for frame in frames}


def test_a_clip_across_the_change_has_one_size_that_every_player_shows(parts: list[SegmentPart]) -> None:
    assert len(parts) == 3
    assert sizes(parts, 5, 9) == ("transcode", 4 * RATE, {LARGE})


def test_a_clip_before_the_change_is_copied(parts: list[SegmentPart]) -> None:
    assert sizes(parts, 1, 3) == ("copy", 2 * RATE, {LARGE})


def test_a_clip_behind_the_change_is_copied(parts: list[SegmentPart]) -> None:
    assert sizes(parts, 9, 11) == ("copy", 2 * RATE, {SMALL})
