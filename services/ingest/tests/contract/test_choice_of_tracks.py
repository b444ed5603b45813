"""Which picture and which sound of a recording are taken."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from av.stream import Disposition

from tldr_ingest.domain.media.cutting import SegmentRule
from tldr_ingest.domain.media.source import CutSegment, Modality, ReadGap, SourceInfo


def test_the_header_comes_first_and_says_what_there_is(events_of: Any, record: Any) -> None:
    info = events_of(record("a.mp4", record.Picture(), record.Sound()))[0]
    assert isinstance(info, SourceInfo)
    assert info.video is not None
    assert info.audio is not None
    assert (info.video.codec, info.video.width, info.video.height) == ("h264", 160, 120)
    assert abs(info.video.frame_rate - 30) < 0.1
    assert (info.audio.codec, info.audio.sample_rate, info.audio.channels) == ("aac", 48000, 1)
    assert abs(info.claimed_duration_ms - 10_000) < 50


@pytest.mark.parametrize("silent", [True, False])
def test_one_modality_alone_is_enough(events_of: Any, record: Any, silent: bool) -> None:
    track = record.Picture() if silent else record.Sound()
    events = events_of(record("a.mp4", track))
    assert events[0].modalities == (("video",) if silent else ("audio",))
    assert all(segment.has_video == silent and segment.has_audio != silent for segment in events.of(CutSegment))


def _flagged(path: Path, target: Path, *flags: int) -> Path:
    """Copy a file, giving each track a disposition: 0 for none, 1 for default, 1024 for cover art."""
    with av.open(str(path)) as source, av.open(str(target), "w") as output:
        targets = [output.add_stream_from_template(stream, opaque=True) for stream in source.streams]
        for stream, flag in zip(targets, flags, strict=True):
            stream.disposition = Disposition(flag)
        for packet in source.demux():
            if packet.size:
                packet.stream = targets[packet.stream_index]
                output.mux(packet)
    return target


def test_of_several_tracks_the_largest_picture_and_the_first_sound_are_taken(
    events_of: Any, record: Any, tmp_path: Path
) -> None:
    path = record(
        "a.mkv",
        record.Picture(width=96, height=64),
        record.Sound(codec="libmp3lame"),
        record.Picture(width=192, height=128),
        record.Sound(codec="aac", rate=44100),
    )
    info = events_of(_flagged(path, tmp_path / "b.mkv", 0, 0, 0, 0))[0]
    assert (info.video.width, info.video.height) == (192, 128)
    assert (info.audio.codec, info.audio.sample_rate) == ("mp3", 48000)


def test_a_track_flagged_as_default_goes_before_a_larger_one(events_of: Any, record: Any, tmp_path: Path) -> None:
    path = record("a.mkv", record.Picture(width=192, height=128), record.Picture(width=96, height=64))
    assert events_of(_flagged(path, tmp_path / "b.mkv", 0, 1))[0].video.width == 96


def test_cover_art_is_no_picture(events_of: Any, record: Any, tmp_path: Path) -> None:
    cover = record.Picture(codec="mjpeg", frames=1, options={"strict": "unofficial"})
    path = record("a.mp4", cover, record.Sound(seconds=6))
    events = events_of(_flagged(path, tmp_path / "b.mp4", 1024, 1))
    assert events[0].modalities == ("audio",)


def _two_tracks(path: Path, loudness: tuple[float, float], default: int | None) -> Path:
    """Two tracks of sound: 48 kHz and 44.1 kHz, so that it shows which one was taken."""
    with av.open(str(path), "w") as output:
        streams: list[Any] = [output.add_stream("libmp3lame", rate=rate) for rate in (48_000, 44_100)]
        for number, stream in enumerate(streams):
            stream.layout = "mono"
            stream.disposition = Disposition.default if number == default else Disposition(0)
        for stream, level in zip(streams, loudness, strict=True):
            for at in range(0, 3 * stream.rate, 1152):
                wave = (level * np.sin(2 * np.pi * 440 * np.arange(at, at + 1152) / stream.rate)).astype(np.float32)
                frame = av.AudioFrame.from_ndarray(wave[None, :], format="fltp", layout="mono")
                frame.sample_rate, frame.pts = stream.rate, at
                output.mux(stream.encode(frame))
            output.mux(stream.encode(None))
    return path


@pytest.mark.parametrize(
    ("loudness", "default", "rate"),
    [
        ((0.5, 0.5), None, 48_000),  # the first
        ((0.5, 0.5), 1, 44_100),  # the default
        ((0.0, 0.5), 1, 44_100),
        ((0.0, 0.5), None, 44_100),  # the first one is silent
        ((0.0, 0.0), None, 48_000),
        ((0.02, 0.5), None, 44_100),  # the loudest
        ((0.3, 0.5), None, 48_000),  # about as loud
        ((0.0, 0.5), 0, 48_000),  # the default, whatever it carries
    ],
)
def test_the_sound_that_is_meant_and_heard_is_taken(
    events_of: Any, tmp_path: Path, loudness: tuple[float, float], default: int | None, rate: int
) -> None:
    (info, *_) = events_of(_two_tracks(tmp_path / "a.mkv", loudness, default))
    assert info.audio.sample_rate == rate


@pytest.mark.parametrize(
    ("loudness", "default"),
    [((0.5, 0.0), 0), ((0.0, 0.0), 0), ((0.02, 0.5), 0), ((0.0, 0.5), None), ((0.0, 0.5), 1)],
)
def test_sound_that_is_heard_or_has_no_other_beside_it_is_no_gap(
    events_of: Any, tmp_path: Path, loudness: tuple[float, float], default: int | None
) -> None:
    assert events_of(_two_tracks(tmp_path / "a.mkv", loudness, default)).of(ReadGap) == []


def test_a_silent_default_track_beside_one_that_is_heard_is_a_gap_of_sound(events_of: Any, tmp_path: Path) -> None:
    events = events_of(_two_tracks(tmp_path / "a.mkv", (0.0, 0.5), 0))
    (gap,) = events.of(ReadGap)
    end = events[-1].duration_ms
    assert (gap.modality, gap.start_ms, gap.end_ms, gap.code) == (Modality.AUDIO, 0, end, "sound_track_silent")
    assert "default" in gap.reason
    assert 2_900 < end < 3_200


def test_a_silent_default_track_is_told_also_by_a_reading_that_goes_on(events_of: Any, tmp_path: Path) -> None:
    path = _two_tracks(tmp_path / "a.mkv", (0.0, 0.5), 0)
    rule = SegmentRule(target_ms=1_000)
    cursor = events_of(path, rule=rule).of(CutSegment)[0].cursor
    (gap,) = events_of(path, rule=rule, after=cursor).of(ReadGap)
    assert (gap.start_ms, gap.code) == (0, "sound_track_silent")


def test_a_default_track_that_is_heard_at_some_places_only_is_no_gap(events_of: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.mkv"
    with av.open(str(path), "w") as output:
        streams: list[Any] = [output.add_stream("pcm_s16le", rate=8_000) for _ in range(2)]
        for number, stream in enumerate(streams):
            stream.layout = "mono"
            stream.disposition = Disposition(0) if number else Disposition.default
        for at in range(0, 60 * 8_000, 800):
            wave = (10_000 * np.sin(np.arange(at, at + 800))).astype(np.int16)
            for stream, samples in zip(streams, (wave * (13 <= at / 8_000 < 16), wave), strict=True):
                frame = av.AudioFrame.from_ndarray(samples[None, :].astype(np.int16), format="s16", layout="mono")
                frame.sample_rate, frame.pts = 8_000, at
                output.mux(stream.encode(frame))
    assert events_of(path).of(ReadGap) == []
