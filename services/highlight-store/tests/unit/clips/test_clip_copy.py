"""Clips by stream copy begin and end where they should, bit for bit."""

import io
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import pytest

from tldr_highlight_store.adapters.clips.cutter_pyav import cut_clip
from tldr_highlight_store.domain.clips.cutting import NothingToCut, PictureOutOfReach, SegmentPart, SegmentUnreadable


def numbers(shown: list[Any]) -> list[int]:
    return [frame.number for frame in shown]


@pytest.mark.parametrize("container", ["mp4", "matroska"])
@pytest.mark.parametrize(
    ("start_ms", "end_ms"), [(2_534, 6_267), (0, 1_000), (1_900, 2_100), (2_000, 4_000), (3_300, 3_400)]
)
def test_the_frames_of_a_copied_clip_are_those_of_the_recording(
    studio: Any, recording: Path, container: str, start_ms: int, end_ms: int
) -> None:
    clip = cut_clip(studio.segments(recording, container), start_ms, end_ms)
    wanted = [frame.picture for frame in studio.shown(recording) if start_ms <= int(frame.at_ms) + 1 < end_ms]
    shown = studio.shown(clip.data)
    assert clip.method == "copy"
    assert [frame.picture for frame in shown] == wanted
    assert shown[0].at_ms == 0
    assert abs(clip.duration_ms - (end_ms - start_ms)) <= 34


def test_adjoining_clips_neither_share_nor_lose_a_frame(studio: Any, recording: Path) -> None:
    parts = studio.segments(recording)
    boundaries = [1_000, 1_567, 2_033, 2_100, 3_667, 5_001]
    found: list[int] = []
    for start_ms, end_ms in pairwise(boundaries):
        found += numbers(studio.shown(cut_clip(parts, start_ms, end_ms).data))
    assert found == list(range(30, 150))


def test_the_player_is_told_the_exact_length(studio: Any, recording: Path) -> None:
    clip = cut_clip(studio.segments(recording), 2_534, 6_267)
    with av.open(io.BytesIO(clip.data), "r") as movie:
        assert (movie.duration or 0) / 1000 == pytest.approx(clip.duration_ms, abs=1)
        assert [float((stream.duration or 0) * (stream.time_base or 0)) for stream in movie.streams] == pytest.approx(
            [3.7333] * 2, abs=0.001
        )
        assert clip.data.index(b"moov") < clip.data.index(b"mdat")


def test_sound_is_in_step_with_the_picture(studio: Any, recording: Path) -> None:
    clip = cut_clip(studio.segments(recording), 2_534, 6_267)
    flashes = [frame.at_ms for frame in studio.shown(clip.data) if frame.flash]
    assert flashes == pytest.approx([467, 1_467, 2_467, 3_467], abs=1)
    assert studio.clicks(clip.data) == pytest.approx(flashes, abs=5)


def test_a_player_that_ignores_edit_lists_is_in_step_too(studio: Any, recording: Path) -> None:
    clip = cut_clip(studio.segments(recording), 2_534, 6_267)
    flashes = [frame.at_ms for frame in studio.shown(clip.data, ignore_editlist="1") if frame.flash]
    # The picture waits for its B-frames there: two frames of 33 ms, and one packet of sound.
    assert studio.clicks(clip.data, ignore_editlist="1")[-3:] == pytest.approx(flashes[-3:], abs=110)


def test_vp9_and_opus_are_carried_as_they_are(studio: Any) -> None:
    recording = studio.record(video="libvpx-vp9", audio="libopus", seconds=5)
    clip = cut_clip(studio.segments(recording, "matroska"), 1_534, 4_267)
    shown = studio.shown(clip.data)
    assert clip.method == "copy"
    assert numbers(shown) == list(range(46, 128))
    assert studio.clicks(clip.data) == pytest.approx([frame.at_ms for frame in shown if frame.flash], abs=10)


def test_a_recording_without_keyframes_is_decoded_from_its_first_part(studio: Any) -> None:
    recording = studio.record(options={"preset": "ultrafast", "g": "9999", "bf": "2"})
    parts = studio.segments(recording, gop=False)
    clip = cut_clip(parts, 5_000, 6_000)
    assert len(parts) > 2
    assert clip.hidden_ms == 5_000
    assert numbers(studio.shown(clip.data)) == list(range(150, 180))


def test_a_range_with_a_picture_gives_no_clip_without_one(studio: Any) -> None:
    recording = studio.record(options={"preset": "ultrafast", "g": "9999", "bf": "2"})
    parts = studio.segments(recording, gop=False)
    with pytest.raises(PictureOutOfReach):
        cut_clip(parts[1:], 5_000, 6_000)


def test_segments_that_begin_at_zero_are_moved_by_their_offset(studio: Any, recording: Path) -> None:
    parts = [
        SegmentPart(part.index, part.source, part.offset_ms + 600_000, part.start_ms + 600_000, part.end_ms + 600_000,
                    part.container, part.decode_from)
        for part in studio.segments(recording)
    ]  # fmt: skip
    assert numbers(studio.shown(cut_clip(parts, 602_000, 603_000).data)) == list(range(60, 90))


def test_a_silent_recording_makes_a_silent_clip(studio: Any) -> None:
    clip = cut_clip(studio.segments(studio.record(audio=None, seconds=4)), 1_000, 3_000)
    assert numbers(studio.shown(clip.data)) == list(range(30, 90))


def test_a_recording_of_sound_makes_an_audio_file(studio: Any) -> None:
    clip = cut_clip(studio.segments(studio.record(video=None, seconds=6)), 1_500, 4_500)
    assert (clip.media_type, clip.method, clip.duration_ms) == ("audio/mp4", "copy", 3_000)
    assert studio.clicks(clip.data) == pytest.approx([500, 1_500, 2_500], abs=5)


def test_a_clip_ends_where_the_recording_does(studio: Any, recording: Path) -> None:
    clip = cut_clip(studio.segments(recording), 7_000, 60_000)
    assert clip.duration_ms == 1_000
    assert numbers(studio.shown(clip.data)) == list(range(210, 240))


def test_rotation_and_pixel_shape_are_kept(studio: Any) -> None:
    recording = studio.record(rotation=90, aspect=Fraction(4, 3), audio=None, seconds=3)
    with av.open(io.BytesIO(cut_clip(studio.segments(recording), 500, 1_500).data), "r") as movie:
        assert movie.streams.video[0].sample_aspect_ratio == Fraction(4, 3)
        assert next(movie.decode(video=0)).rotation == 90


def test_a_range_outside_the_recording_holds_nothing(studio: Any, recording: Path) -> None:
    with pytest.raises(NothingToCut):
        cut_clip(studio.segments(recording), 60_000, 70_000)


def test_a_broken_segment_is_named() -> None:
    with pytest.raises(SegmentUnreadable, match="Segment 7"):
        cut_clip([SegmentPart(7, b"not a media file", 0, 0, 4_000, "mp4", 7)], 0, 1_000)
