"""Parameters are read from what encoders really write."""

from collections.abc import Iterator
from typing import Any

import av
import numpy as np
import pytest

from tldr_media.coded_parameters import HEAD_BYTES, coded_parameters

CODECS = {
    "libx264": "h264",
    "libx265": "hevc",
    "libvpx": "vp8",
    "libvpx-vp9": "vp9",
    "libsvtav1": "av1",
    "mpeg2video": "mpeg2video",
    "mpeg4": "mpeg4",
}


def keyframes(encoder: str, width: int, height: int, seed: int) -> Iterator[bytes]:
    """Two, as the encoder writes them for a transport stream."""
    coder: Any = av.CodecContext.create(encoder, "w")
    coder.width, coder.height, coder.pix_fmt, coder.framerate, coder.gop_size = width, height, "yuv420p", 25, 2
    noise = np.random.default_rng(seed)
    packets: list[Any] = []
    for number in range(4):
        picture = noise.integers(0, 255, (height, width), dtype=np.uint8)
        frame = av.VideoFrame.from_ndarray(picture, format="gray").reformat(format="yuv420p")
        frame.pts = number
        packets += coder.encode(frame)
    packets += coder.encode(None)
    return (bytes(packet)[:HEAD_BYTES] for packet in packets if packet.is_keyframe)


@pytest.mark.parametrize("encoder", CODECS)
def test_another_resolution_has_other_parameters_and_another_picture_has_the_same(encoder: str) -> None:
    if encoder not in av.codecs_available:
        pytest.skip(f"this FFmpeg has no {encoder}")
    large, again, small = (
        {coded_parameters(CODECS[encoder], head) for head in keyframes(encoder, *size, seed)}
        for size, seed in (((320, 180), 1), ((320, 180), 2), ((240, 136), 1))
    )
    assert None not in large
    assert len(large) == 1
    assert large == again
    assert not large & small


@pytest.mark.parametrize(("encoder", "size_at"), [("libx264", 4), ("libx265", 21)])
def test_units_behind_lengths_say_the_same_as_behind_start_codes(encoder: str, size_at: int) -> None:
    started = next(keyframes(encoder, 320, 180, 1))
    units = [unit.rstrip(b"\x00") for unit in started.split(b"\x00\x00\x01")]
    measured = b"".join(len(unit).to_bytes(4) + unit for unit in units if unit)
    described = bytes([1] + [0] * (size_at - 1) + [0xFF] + [0] * 8)
    assert coded_parameters(CODECS[encoder], measured, described) == coded_parameters(CODECS[encoder], started)


@pytest.mark.parametrize("codec", [*CODECS.values(), "theora"])
@pytest.mark.parametrize("head", [b"", b"\x00", b"\x00\x00\x01", bytes(range(256)), b"\xff" * 9, b"\x00" * 30])
def test_nonsense_says_nothing_or_anything_and_raises_nothing(codec: str, head: bytes) -> None:
    for extradata in (None, b"", b"\x01", bytes([1] * 40)):
        coded_parameters(codec, head, extradata)
