"""What browsers cannot play out of an MP4 file is decoded and encoded again."""

import io
from typing import Any

import av
import pytest

from tldr_highlight_store.adapters.clips.cutter_pyav import cut_clip


def codecs(data: bytes) -> list[str]:
    with av.open(io.BytesIO(data), "r") as movie:
        return [stream.codec_context.codec.canonical_name for stream in movie.streams]


def test_vp8_becomes_h264_and_its_opus_stays(studio: Any) -> None:
    recording = studio.record(video="libvpx", audio="libopus", seconds=5, options={"deadline": "realtime", "g": "60"})
    clip = cut_clip(studio.segments(recording, "matroska"), 1_534, 4_267)
    shown = studio.shown(clip.data)
    assert (clip.method, clip.hidden_ms) == ("transcode", 0)
    assert codecs(clip.data) == ["h264", "opus"]
    assert [frame.number for frame in shown] == list(range(46, 128))
    assert studio.clicks(clip.data) == pytest.approx([frame.at_ms for frame in shown if frame.flash], abs=10)


def test_ac3_becomes_aac_in_step_with_the_copied_picture(studio: Any) -> None:
    clip = cut_clip(studio.segments(studio.record(audio="ac3", seconds=5), "matroska"), 1_534, 4_267)
    shown = studio.shown(clip.data)
    assert codecs(clip.data) == ["h264", "aac"]
    assert [frame.number for frame in shown] == list(range(46, 128))
    assert studio.clicks(clip.data) == pytest.approx(
        [frame.at_ms for frame in shown if frame.flash], abs=15
    )  # AC-3 smears a click by 5 ms on each side


def test_colours_that_browsers_do_not_decode_are_converted(studio: Any) -> None:
    recording = studio.record(pixels="yuv444p", seconds=3, options={"preset": "ultrafast", "g": "60"}, rotation=90)
    clip = cut_clip(studio.segments(recording), 500, 2_000)
    assert clip.method == "transcode"
    with av.open(io.BytesIO(clip.data), "r") as movie:
        frame = next(movie.decode(video=0))
        assert (frame.format.name, frame.rotation) == ("yuv420p", 90)
    assert [frame.number for frame in studio.shown(clip.data)] == list(range(15, 60))


def test_a_long_wait_for_the_first_frame_is_spared_the_viewer(studio: Any) -> None:
    recording = studio.record(seconds=26, fps=10, audio=None, options={"preset": "ultrafast", "g": "9999"})
    clip = cut_clip(studio.segments(recording, gop=False), 22_000, 24_000)
    assert (clip.method, clip.hidden_ms) == ("transcode", 0)
    assert [frame.number for frame in studio.shown(clip.data)] == list(range(220, 240))


def test_a_change_of_coding_in_the_middle_is_played_through(studio: Any) -> None:
    first = studio.segments(studio.record(seconds=4))
    other = studio.segments(
        studio.record(seconds=8, options={"preset": "veryfast", "g": "60", "bf": "0", "sc_threshold": "0"})
    )
    clip = cut_clip([*first, *other[2:]], 3_000, 5_000)
    assert clip.method == "transcode"
    assert [frame.number for frame in studio.shown(clip.data)] == list(range(90, 150))
