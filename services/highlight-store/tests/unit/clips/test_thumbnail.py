"""The picture that stands for a highlight shows something, upright and in its true shape."""

import io
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from tldr_highlight_store.adapters.clips.cutter_pyav import cut, thumbnail
from tldr_highlight_store.domain.clips.cutting import SegmentPart


def opened(jpeg: bytes | None) -> Any:
    assert jpeg is not None
    with av.open(io.BytesIO(jpeg), "r", format="mjpeg") as picture:
        return next(picture.decode(video=0))


def filmed(path: Path, pictures: list[np.ndarray[Any, Any]], gop: int = 1) -> list[SegmentPart]:
    """One picture for half a second each, as one segment."""
    with av.open(str(path), "w", format="mp4", container_options={"movflags": "frag_keyframe+empty_moov"}) as movie:
        stream = movie.add_stream(
            "libx264", rate=2, options={"preset": "ultrafast", "g": str(gop), "sc_threshold": "0"}
        )
        stream.width, stream.height, stream.pix_fmt = 640, 360, "yuv420p"
        for i, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(picture, "gray").reformat(format="yuv420p")
            frame.pts, frame.time_base = i, Fraction(1, 2)
            movie.mux(stream.encode(frame))
        movie.mux(stream.encode(None))
    return [SegmentPart(0, str(path), 0, 0, len(pictures) * 500, "mp4", 0)]


def texture(contrast: int, grain: int) -> np.ndarray[Any, Any]:
    noise = np.random.default_rng(1).integers(-contrast, contrast, (360 // grain, 640 // grain))
    return (128 + np.kron(noise, np.ones((grain, grain)))).astype(np.uint8)


def contrast(jpeg: bytes | None) -> float:
    return float(opened(jpeg).to_ndarray(format="gray").std())


def test_black_and_flat_pictures_are_passed_over(tmp_path: Path) -> None:
    black, grey = np.full((360, 640), 16, np.uint8), np.full((360, 640), 120, np.uint8)
    parts = filmed(tmp_path / "fades.mp4", [texture(60, 20), black, black, grey, black, black])
    assert contrast(thumbnail(parts, 1_500)) > 20


def test_of_near_pictures_the_sharp_one_is_taken(tmp_path: Path) -> None:
    soft, sharp = texture(40, 40), texture(40, 5)
    parts = filmed(tmp_path / "focus.mp4", [soft, soft, sharp, soft, soft])
    edges = np.abs(np.diff(opened(thumbnail(parts, 1_500)).to_ndarray(format="gray").astype(int))).mean()
    assert edges > 5


def test_without_a_keyframe_nearby_the_moment_itself_is_decoded(tmp_path: Path) -> None:
    parts = filmed(tmp_path / "long.mp4", [texture(10, 40)] * 8 + [texture(70, 5)] + [texture(10, 40)] * 3, gop=99)
    assert contrast(thumbnail(parts, 4_000)) > 30


def test_it_is_no_larger_than_asked(tmp_path: Path) -> None:
    picture = opened(thumbnail(filmed(tmp_path / "size.mp4", [texture(60, 20)] * 2), 500, max_width=320))
    assert (picture.width, picture.height) == (320, 180)


@pytest.mark.parametrize(("aspect", "size"), [(Fraction(4, 3), (426, 192)), (Fraction(8, 9), (284, 192))])
def test_pixels_that_are_not_square_are_stretched(studio: Any, aspect: Fraction, size: tuple[int, int]) -> None:
    parts = studio.segments(studio.record(aspect=aspect, audio=None, seconds=2))
    picture = opened(thumbnail(parts, 500))
    assert (picture.width, picture.height) == size


def test_a_picture_filmed_upright_stands_upright(studio: Any) -> None:
    parts = studio.segments(studio.record(rotation=90, audio=None, seconds=2, video="libx264"))
    picture = opened(thumbnail(parts, 500))
    luma = picture.to_ndarray(format="gray")
    assert luma.shape == (320, 192)
    # The squares with the number stand at the top of the recording, so at the left after a quarter turn against the clock.
    assert luma[:, :30].std() < luma[:, 40:90].std() or luma[:, :30].mean() < 40


def test_sound_alone_has_no_picture(studio: Any) -> None:
    made = cut(studio.segments(studio.record(video=None, seconds=4)), 1_000, 3_000, 2_000)
    assert made.thumbnail is None


def test_it_comes_from_inside_the_clip(studio: Any, recording: Path) -> None:
    made = cut(studio.segments(recording), 2_100, 5_900, 2_200)
    luma = opened(made.thumbnail).to_ndarray(format="gray")
    assert sum(1 << bit for bit in range(10) if luma[8:24, bit * 32 + 8 : bit * 32 + 24].mean() > 128) >= 63
