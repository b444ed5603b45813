"""Sources that are broken, hostile or odd: a clear error, a gap, or a correct cut."""

from __future__ import annotations

import io
import random
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from av.stream import Disposition

from tldr_ingest.adapters.media.segmenter_pyav import cut_source
from tldr_ingest.adapters.media.source_pyav import FileSource
from tldr_ingest.domain.errors import DurationImpossible, IngestError, NotMedia, NoTracks, SourceEmpty, SourceTruncated
from tldr_ingest.domain.media.cutting import SegmentRule
from tldr_ingest.domain.media.plausible import check_duration
from tldr_ingest.domain.media.source import CutSegment, ReadGap, SourceEnded, SourceInfo


def _events(path: Path, **settings: Any) -> list[Any]:
    return list(cut_source(FileSource(path), **settings))


def _of(events: list[Any], kind: type[Any]) -> list[Any]:
    return [event for event in events if isinstance(event, kind)]


def _refused(path: Path) -> IngestError:
    with pytest.raises(IngestError) as caught:
        _events(path)
    assert caught.value.sentence.endswith((".", ")."))
    return caught.value


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").touch()
    assert isinstance(_refused(tmp_path / "a.mp4"), SourceEmpty)


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
def test_what_is_no_recording_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "upload.mp4"
    path.write_bytes(content)
    assert isinstance(_refused(path), NotMedia | NoTracks)


@pytest.mark.parametrize(("codec", "name"), [("png", "a.png"), ("mjpeg", "a.jpg")])
def test_a_picture_is_refused(tmp_path: Path, codec: str, name: str) -> None:
    path = tmp_path / name
    with av.open(str(path), "w", format="image2", options={"update": "1"}) as output:
        stream: Any = output.add_stream(codec, rate=1)
        stream.width, stream.height = 64, 48
        stream.pix_fmt = "rgb24" if codec == "png" else "yuvj420p"
        frame = av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), format="rgb24")
        output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    error = _refused(path)
    assert isinstance(error, NotMedia)
    assert "picture" in error.sentence


def test_an_mp4_without_its_index_is_refused_as_cut_off(record: Any) -> None:
    path = record("a.mp4", record.Picture(), record.Sound())
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    error = _refused(path)
    assert isinstance(error, SourceTruncated)
    assert "index" in error.sentence


def test_a_recording_that_breaks_off_is_cut_up_to_there_and_the_rest_is_a_gap(record: Any) -> None:
    path = record("a.mp4", record.Picture(), record.Sound(), options={"movflags": "faststart"})
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * 0.6)])
    events = _events(path)
    segments, gaps = _of(events, CutSegment), _of(events, ReadGap)
    assert 3_000 < segments[-1].end_ms < 8_500
    assert [gap.modality for gap in gaps] == ["video", "audio"]
    assert all(gap.code == "source_truncated" and abs(gap.end_ms - 10_000) < 100 for gap in gaps)
    assert events[-1] == SourceEnded(max(gap.end_ms for gap in gaps), len(segments))


def test_a_transport_stream_that_breaks_off_is_cut_up_to_there(record: Any) -> None:
    path = record("a.ts", record.Picture(), record.Sound(), format="mpegts")
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * 0.6)])
    segments = _of(_events(path), CutSegment)
    assert 3_000 < segments[-1].end_ms < 8_500


def test_a_transport_stream_with_a_damaged_part_is_read_behind_it(record: Any) -> None:
    path = record("a.ts", record.Picture(), record.Sound(), format="mpegts")
    data = bytearray(path.read_bytes())
    data[len(data) // 3 : len(data) // 2] = bytes(len(data) // 2 - len(data) // 3)
    path.write_bytes(bytes(data))
    segments = _of(_events(path), CutSegment)
    assert segments[-1].end_ms > 9_500


@pytest.mark.parametrize("silent", [True, False])
def test_one_modality_alone_is_enough(record: Any, silent: bool) -> None:
    track = record.Picture() if silent else record.Sound()
    events = _events(record("a.mp4", track))
    assert events[0].modalities == (("video",) if silent else ("audio",))
    assert all(segment.has_video == silent and segment.has_audio != silent for segment in _of(events, CutSegment))


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


def test_of_several_tracks_the_largest_picture_and_the_first_sound_are_taken(record: Any, tmp_path: Path) -> None:
    path = record(
        "a.mkv",
        record.Picture(width=96, height=64),
        record.Sound(codec="libmp3lame"),
        record.Picture(width=192, height=128),
        record.Sound(codec="aac", rate=44100),
    )
    info = _events(_flagged(path, tmp_path / "b.mkv", 0, 0, 0, 0))[0]
    assert (info.video.width, info.video.height) == (192, 128)
    assert (info.audio.codec, info.audio.sample_rate) == ("mp3", 48000)


def test_a_track_flagged_as_default_goes_before_a_larger_one(record: Any, tmp_path: Path) -> None:
    path = record("a.mkv", record.Picture(width=192, height=128), record.Picture(width=96, height=64))
    assert _events(_flagged(path, tmp_path / "b.mkv", 0, 1))[0].video.width == 96


def test_cover_art_is_no_picture(record: Any, tmp_path: Path) -> None:
    cover = record.Picture(codec="mjpeg", frames=1, options={"strict": "unofficial"})
    path = record("a.mp4", cover, record.Sound(seconds=6))
    events = _events(_flagged(path, tmp_path / "b.mp4", 1024, 1))
    assert events[0].modalities == ("audio",)


def test_a_segment_closes_at_its_limit_without_a_keyframe(record: Any) -> None:
    options = {"preset": "ultrafast", "g": "10000", "keyint_min": "10000", "sc_threshold": "0"}
    path = record("a.mp4", record.Picture(frames=3000, rate=50, width=64, height=48, options=options))
    segments = _of(_events(path), CutSegment)
    assert [segment.end_ms - segment.start_ms for segment in segments] == [12_000] * 5
    assert [segment.decode_from for segment in segments] == [0] * 5
    assert [segment.keyframes_ms for segment in segments] == [(0,), (), (), (), ()]


def test_a_segment_closes_at_its_size(record: Any) -> None:
    rule = SegmentRule(max_bytes=20_000)
    events = _events(record("a.mp4", record.Picture(), record.Sound()), rule=rule)
    segments = _of(events, CutSegment)
    assert len(segments) > 4
    assert all(len(segment.data) < 45_000 for segment in segments)
    assert events[-1].duration_ms == segments[-1].end_ms


def _moved(path: Path, target: Path, moves: list[tuple[float, float]], **settings: Any) -> Path:
    """Copy packets, moving those from each second on by so many seconds."""
    with av.open(str(path)) as source, av.open(str(target), "w", **settings) as output:
        targets = [output.add_stream_from_template(stream, opaque=True) for stream in source.streams]
        for packet in source.demux():
            if packet.size:
                base, order = packet.time_base, packet.pts if packet.dts is None else packet.dts
                assert order is not None
                assert packet.pts is not None
                at = float(order * base)
                move = round(sum(by for since, by in moves if at >= since) / base)
                packet.pts += move
                packet.dts = None if packet.dts is None else packet.dts + move
                packet.stream = targets[packet.stream_index]
                output.mux(packet)
    return target


def test_a_hole_stays_a_hole_and_is_a_gap(record: Any, tmp_path: Path) -> None:
    path = _moved(record("a.mkv", record.Picture(), record.Sound()), tmp_path / "b.mkv", [(5.0, 60.0)])
    events = _events(path)
    gaps, segments = _of(events, ReadGap), _of(events, CutSegment)
    assert {gap.modality for gap in gaps} == {"video", "audio"}
    for gap in gaps:
        assert gap.code == "timestamp_jump"
        assert abs(gap.start_ms - 5_000) < 150
        assert abs(gap.end_ms - 65_000) < 150
    assert abs(events[-1].duration_ms - 70_000) < 150
    assert all(before.end_ms == after.start_ms for before, after in pairwise(segments))
    assert sum(segment.video_packets for segment in segments) == 300


def test_a_clock_that_starts_again_is_joined(tmp_path: Path, record: Any) -> None:
    one = record("one.ts", record.Picture(), record.Sound(), format="mpegts")
    path = tmp_path / "b.ts"
    path.write_bytes(one.read_bytes() * 2)
    events = _events(path)
    segments = _of(events, CutSegment)
    assert abs(events[-1].duration_ms - 20_000) < 300
    assert all(before.end_ms == after.start_ms for before, after in pairwise(segments))
    times: list[int] = []
    for segment in segments:
        with av.open(io.BytesIO(segment.data), "r") as container:
            base = container.streams.video[0].time_base
            assert base is not None
            times += [
                round(float(packet.pts * base) * 1000) + segment.offset_ms
                for packet in container.demux(video=0)
                if packet.size and packet.pts is not None
            ]
    assert sum(segment.video_packets for segment in segments) == len(times) == 600
    assert all(after - before < 100 for before, after in pairwise(sorted(times)))
    spliced = next(segment for segment in segments if segment.cursor.spliced)
    assert _events(path, after=spliced.cursor)[1:-1] == segments[spliced.index + 1 :]


def test_a_slide_show_has_no_gaps(record: Any) -> None:
    options = {"preset": "ultrafast", "bf": "0"}
    path = record(
        "a.mp4",
        record.Picture(frames=5, ticks=1000, at=lambda n: n * 20_000, options=options),
        record.Sound(seconds=90),
    )
    events = _events(path)
    assert _of(events, ReadGap) == []
    assert abs(events[-1].duration_ms - 90_000) < 100
    assert sum(segment.video_packets for segment in _of(events, CutSegment)) == 5
    assert any(not segment.has_video for segment in _of(events, CutSegment))


def test_sound_that_begins_before_the_picture_keeps_the_streams_start(record: Any) -> None:
    path = record("a.mkv", record.Picture(at=lambda n: n + 150), record.Sound(seconds=15))
    events = _events(path)
    assert abs(events[-1].duration_ms - 15_000) < 50
    first = next(segment for segment in _of(events, CutSegment) if segment.has_video)
    assert abs(first.keyframes_ms[0] - 5_000) < 40


def test_the_header_comes_first_and_says_what_there_is(record: Any) -> None:
    info = _events(record("a.mp4", record.Picture(), record.Sound()))[0]
    assert isinstance(info, SourceInfo)
    assert info.video is not None
    assert info.audio is not None
    assert (info.video.codec, info.video.width, info.video.height) == ("h264", 160, 120)
    assert abs(info.video.frame_rate - 30) < 0.1
    assert (info.audio.codec, info.audio.sample_rate, info.audio.channels) == ("aac", 48000, 1)
    assert abs(info.claimed_duration_ms - 10_000) < 50


@pytest.mark.parametrize("name", ["a.ts", "a.mp4", "a.mkv", "a.flv"])
def test_damage_anywhere_ends_in_segments_or_in_a_reason(record: Any, name: str) -> None:
    path = record(name, record.Picture(frames=150), record.Sound(seconds=5))
    whole = path.read_bytes()
    for seed in range(15):
        draw = random.Random(seed)
        damaged = bytearray(whole)
        for _ in range(draw.choice((1, 5, 50, 500))):
            damaged[draw.randrange(len(damaged))] = draw.randrange(256)
        path.write_bytes(damaged)
        segments: list[Any] = []
        with suppress(IngestError):
            segments = _of(_events(path), CutSegment)
        assert all(before.end_ms == after.start_ms for before, after in pairwise(segments))


def test_a_file_that_claims_hours_in_a_few_bytes_is_refused(record: Any, tmp_path: Path) -> None:
    """Each frame of an MP4 file lasts as long as its `stts` box says; 0x7fffffff ticks of 1/12800 s are two days."""
    data = bytearray(record("a.mp4", record.Picture(frames=30)).read_bytes())
    at = data.index(b"stts") + 4
    entries = int.from_bytes(data[at + 4 : at + 8])
    for entry in range(entries):
        data[at + 12 + 8 * entry : at + 16 + 8 * entry] = (0x7FFFFFFF).to_bytes(4)
    bomb = tmp_path / "bomb.mp4"
    bomb.write_bytes(data)
    with pytest.raises(DurationImpossible, match="hours"):
        list(cut_source(FileSource(bomb)))


@pytest.mark.parametrize(("duration_ms", "size_bytes"), [(600_000, 0), (36_000_000, 290_000), (43_200_000, 1 << 30)])
def test_what_a_real_recording_lasts_is_believed(duration_ms: int, size_bytes: int) -> None:
    check_duration(duration_ms, size_bytes)


@pytest.mark.parametrize("name", ["a.mkv", "a.webm", "a.avi"])
def test_a_file_that_was_cut_off_has_a_gap_up_to_where_it_says_it_ends(record: Any, tmp_path: Path, name: str) -> None:
    codecs = {"a.webm": ("libvpx-vp9", "libopus"), "a.avi": ("mpeg4", "libmp3lame")}
    video, audio = codecs.get(name, ("libx264", "aac"))
    options = {"g": "30", "deadline": "realtime", "cpu-used": "8"} if name == "a.webm" else {"g": "30"}
    whole = record(name, record.Picture(codec=video, options=options), record.Sound(codec=audio))
    assert [event for event in _events(whole) if isinstance(event, ReadGap)] == []
    cut = tmp_path / f"cut.{name.split('.')[1]}"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size * 6 // 10])
    gaps = {event.modality: event for event in _events(cut) if isinstance(event, ReadGap)}
    assert set(gaps) == {"video", "audio"}
    for gap in gaps.values():
        assert 4000 < gap.start_ms < 8000
        assert abs(gap.end_ms - 10_000) < (1000 if name == "a.avi" else 150), "an AVI file loses its index"
        assert gap.code == "source_truncated"


@pytest.mark.parametrize("starts_s", [1000, 40])
def test_a_pre_roll_that_is_coded_otherwise_makes_no_hole(record: Any, tmp_path: Path, starts_s: int) -> None:
    roll = record("roll.ts", record.Picture(frames=90), record.Sound(seconds=3.0), format="mpegts")
    programme = record(
        "programme.ts",
        record.Picture(width=96, height=64, frames=150, at=lambda n: n + 30 * starts_s),
        record.Sound(seconds=5.0, start=float(starts_s)),
        format="mpegts",
    )
    path = tmp_path / "both.ts"
    path.write_bytes(roll.read_bytes() + programme.read_bytes())
    events = _events(path)
    assert [event for event in events if isinstance(event, ReadGap)] == []
    assert abs(events[-1].duration_ms - 8000) < 200


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
    ],
)
def test_the_sound_that_is_meant_and_heard_is_taken(
    tmp_path: Path, loudness: tuple[float, float], default: int | None, rate: int
) -> None:
    (info, *_) = _events(_two_tracks(tmp_path / "a.mkv", loudness, default))
    assert info.audio.sample_rate == rate
