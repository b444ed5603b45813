"""Whatever the source, its segments hold every packet once, and decode to the same frames at the same stream times."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from tldr_ingest.adapters.media.segmenter_pyav import cut_source
from tldr_ingest.adapters.media.source_pyav import FileSource
from tldr_ingest.domain.media.cutting import SegmentRule
from tldr_ingest.domain.media.source import CutSegment, SourceEnded, SourceInfo
from tldr_media.stream_time import to_milliseconds

X264 = {"preset": "ultrafast", "g": "60", "bf": "3", "b-pyramid": "normal"}
VP9 = {"g": "40", "deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0", "b": "200k"}


def _h264(record: Any) -> Any:
    return record("a.mp4", record.Picture(options=X264), record.Sound())


def _edit_list(record: Any) -> Any:
    return record("a.mp4", record.Picture(options=X264, at=lambda n: n + 7), record.Sound(start=0.1))


def _transport(record: Any) -> Any:
    return record("a.ts", record.Picture(options=X264), record.Sound(), format="mpegts")


def _transport_mp2(record: Any) -> Any:
    return record("a.ts", record.Picture(options=X264), record.Sound(codec="mp2"), format="mpegts")


def _open_gop(record: Any) -> Any:
    options = {"preset": "ultrafast", "x264-params": "open-gop=1:keyint=30:bframes=3:b-adapt=0:scenecut=0"}
    return record("a.ts", record.Picture(options=options), record.Sound(), format="mpegts")


def _webm(record: Any) -> Any:
    return record("a.webm", record.Picture(codec="libvpx-vp9", options=VP9), record.Sound(codec="libopus"))


def _matroska(record: Any) -> Any:
    return record("a.mkv", record.Picture(options=X264), record.Sound())


def _variable(record: Any) -> Any:
    return record("a.mp4", record.Picture(ticks=90000, at=lambda n: n * 3000 + (n * n % 7) * 311), record.Sound())


def _odd(record: Any) -> Any:
    return record("a.mkv", record.Picture(codec="libvpx-vp9", width=162, height=94, options=VP9))


def _ntsc(record: Any) -> Any:
    return record("a.mp4", record.Picture(ticks=30000, at=lambda n: n * 1001, options=X264), record.Sound(rate=44100))


def _no_keyframes(record: Any) -> Any:
    options = {"preset": "ultrafast", "g": "10000", "keyint_min": "10000", "sc_threshold": "0", "bf": "2"}
    return record("a.mp4", record.Picture(frames=900, options=options), record.Sound(seconds=30))


def _intra_refresh_start(record: Any) -> Any:
    return record("a.flv", record.Picture(options=X264), record.Sound())


def _avi(record: Any) -> Any:
    return record(
        "a.avi", record.Picture(codec="mpeg4", options={"g": "30", "bf": "2"}), record.Sound(codec="libmp3lame")
    )


SOURCES = [
    _h264,
    _edit_list,
    _transport,
    _transport_mp2,
    _open_gop,
    _webm,
    _matroska,
    _variable,
    _odd,
    _ntsc,
    _no_keyframes,
    _intra_refresh_start,
    _avi,
]


def _milliseconds(ticks: int, base: Any) -> int:
    return to_milliseconds(ticks, base.numerator, base.denominator)


def _packets(file: Any, kind: str) -> Iterator[tuple[int, int, Any]]:
    with av.open(file) as container:
        for packet in container.demux(**{kind: 0}):
            if packet.size:
                pts = packet.pts if packet.pts is not None else packet.dts
                yield _milliseconds(pts, packet.time_base), packet.size, packet


def _frames(files: list[tuple[Any, int]], kind: str) -> list[tuple[int, int]]:
    """Decode files one after the other with one decoder: stream time and a digest of each frame."""
    found: list[tuple[int, int]] = []
    decoder: Any = None
    base: Any = None
    first_offset = files[0][1]
    for file, offset in files:
        with av.open(file) as container:
            stream = getattr(container.streams, kind)[0]
            decoder, base = decoder or stream.codec_context, base or stream.time_base
            # A decoder gives a frame late, when the next file's offset holds; offsets differ by whole seconds.
            moved = (offset - first_offset) // 1000 * base.denominator // base.numerator
            for packet in container.demux(stream):
                if packet.size:
                    packet.pts += moved
                    found += [_digest(frame, base, first_offset) for frame in decoder.decode(packet)]
    return found + [_digest(frame, base, first_offset) for frame in decoder.decode(None)]


def _digest(frame: Any, base: Any, offset: int) -> tuple[int, int]:
    at = _milliseconds(frame.pts, base) + offset
    if isinstance(frame, av.VideoFrame):
        return at, hash(frame.to_ndarray().tobytes())
    return at, frame.samples


def _cut(path: Path, **settings: Any) -> tuple[SourceInfo, list[CutSegment], SourceEnded]:
    events = list(cut_source(FileSource(path), **settings))
    assert isinstance(events[0], SourceInfo)
    assert isinstance(events[-1], SourceEnded)
    assert all(isinstance(event, CutSegment) for event in events[1:-1])
    return events[0], events[1:-1], events[-1]  # type: ignore[return-value]


def _zero(path: Path | str, kind: str) -> int:
    return next(_packets(str(path), kind))[0]


@pytest.fixture(scope="module", params=SOURCES, ids=lambda make: make.__name__.strip("_"))
def source(request: pytest.FixtureRequest, recorder_in: Callable[[Path], Any], tmp_path_factory: Any) -> Path:
    make: Callable[[Any], Path] = request.param
    return make(recorder_in(tmp_path_factory.mktemp("source")))


def test_segments_hold_every_packet_once_at_its_time(source: Path) -> None:
    info, segments, _ = _cut(source)
    zero = _zero(str(source), "video")
    for kind in info.modalities:
        expected = [(at - zero, size) for at, size, _ in _packets(str(source), kind)]
        found = [
            (at + segment.offset_ms, size)
            for segment in segments
            if (segment.has_video if kind == "video" else segment.has_audio)
            for at, size, _ in _packets(io.BytesIO(segment.data), kind)
        ]
        assert [at for at, _ in found] == [at for at, _ in expected]
        if source.suffix != ".ts":
            # Out of MPEG-TS the framing is rewritten; what is in it is checked by decoding.
            assert [size for _, size in found] == [size for _, size in expected]


def test_segments_decode_to_the_pictures_of_the_source(source: Path) -> None:
    _, segments, _ = _cut(source)
    expected = _frames([(str(source), -_zero(source, "video"))], "video")
    found: list[tuple[int, int]] = []
    for segment in segments:
        if segment.has_video:
            found += _pictures_of(segment, segments)
    assert [at for at, _ in found] == [at for at, _ in expected]
    assert found == expected


def _pictures_of(segment: CutSegment, segments: list[CutSegment]) -> list[tuple[int, int]]:
    needed = segments[segment.decode_from : segment.index + 1]
    own = {at + segment.offset_ms for at, _, _ in _packets(io.BytesIO(segment.data), "video")}
    decoded = _frames([(io.BytesIO(part.data), part.offset_ms) for part in needed], "video")
    return [frame for frame in decoded if frame[0] in own]


def test_ranges_are_contiguous_and_hold_what_they_say(source: Path) -> None:
    info, segments, ended = _cut(source)
    assert [segment.index for segment in segments] == list(range(len(segments)))
    assert segments[0].start_ms == 0
    assert ended.segments == len(segments)
    assert ended.duration_ms == segments[-1].end_ms
    assert all(before.end_ms == after.start_ms for before, after in pairwise(segments))
    for segment in segments:
        assert segment.end_ms - segment.start_ms <= 12_100
        slack = 100
        for kind in info.modalities:
            times = [at + segment.offset_ms for at, _, _ in _packets(io.BytesIO(segment.data), kind)]
            assert all(at < segment.end_ms + slack for at in times)
            assert all(segment.start_ms - slack <= at for at in times if segment.index)
        assert segment.video_packets == sum(1 for _ in _packets(io.BytesIO(segment.data), "video"))


def test_resuming_after_any_segment_gives_the_same_bytes(source: Path) -> None:
    rule = SegmentRule(target_ms=1500, max_ms=4000)
    info, segments, ended = _cut(source, rule=rule)
    for segment in segments:
        again = _cut(source, rule=rule, after=segment.cursor)
        assert again == (info, segments[segment.index + 1 :], ended)


def test_sound_decodes_to_the_samples_of_the_source(record: Any) -> None:
    vp9_aac = record("b.mkv", record.Picture(codec="libvpx-vp9", options=VP9), record.Sound())
    for path in (_h264(record), _webm(record), _transport(record), vp9_aac):
        _, segments, _ = _cut(path)
        expected = _frames([(str(path), -_zero(path, "video"))], "audio")
        found = _frames([(io.BytesIO(segment.data), segment.offset_ms) for segment in segments], "audio")
        # The source alone says how many samples at its start are priming and left out.
        assert [frame for frame in found if frame[0] > 100] == [frame for frame in expected if frame[0] > 100]
        first = found[0][0], expected[0][0]
        assert first[0] <= first[1]


@pytest.mark.parametrize(
    ("name", "codec", "rate", "container"),
    [
        ("a.m4a", "aac", 44100, "mp4"),
        ("a.mp3", "libmp3lame", 44100, "mp4"),
        ("a.wav", "pcm_s16le", 16000, "matroska"),
        ("a.ogg", "libopus", 48000, "matroska"),
        ("a.flac", "flac", 48000, "matroska"),
    ],
)
def test_sound_alone_is_cut_near_four_seconds(record: Any, name: str, codec: str, rate: int, container: str) -> None:
    path = record(name, record.Sound(codec=codec, rate=rate, seconds=18.0))
    info, segments, ended = _cut(path)
    assert info.modalities == ("audio",)
    assert len(segments) == 5
    assert {segment.container.value for segment in segments} == {container}
    assert all(abs(segment.end_ms - segment.start_ms - 4000) < 200 for segment in segments[:-1])
    assert 17_900 <= ended.duration_ms <= 18_200
    expected = list(_packets(str(path), "audio"))
    with av.open(str(path)) as file:
        sound = file.streams.audio[0]
        heard = round((sound.start_time or 0) * (sound.time_base or 0) * 1000)
    zero = max(0, heard, expected[0][0])
    found = [
        (at + segment.offset_ms, size)
        for segment in segments
        for at, size, _ in _packets(io.BytesIO(segment.data), "audio")
    ]
    assert found == [(at - zero, size) for at, size, _ in expected]
    for segment in segments:
        assert _cut(path, after=segment.cursor)[1] == segments[segment.index + 1 :]


def test_the_sound_of_an_mp3_file_begins_where_a_player_begins_it(tmp_path: Path) -> None:
    """LAME puts 1,105 samples before the sound and says so in the header; players leave them out."""
    path = tmp_path / "click.mp3"
    with av.open(str(path), "w") as output:
        stream: Any = output.add_stream("libmp3lame", rate=48_000)
        stream.layout = "mono"
        samples = np.zeros(96_000, np.float32)
        samples[48_000:48_480] = 0.6 * np.sin(2 * np.pi * 2000 * np.arange(480) / 48_000)
        for at in range(0, samples.size, 960):
            frame = av.AudioFrame.from_ndarray(samples[None, at : at + 960], format="fltp", layout="mono")
            frame.sample_rate, frame.pts = 48_000, at
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    (segment,) = [event for event in cut_source(FileSource(path)) if isinstance(event, CutSegment)]
    with av.open(io.BytesIO(segment.data), "r") as file:
        clicks = [
            (frame.time or 0) * 1000 + segment.offset_ms + int(loud[0]) / 48
            for frame in file.decode(audio=0)
            if (loud := np.nonzero(np.abs(frame.to_ndarray()[0]) > 0.25)[0]).size
        ]
    assert clicks[0] == pytest.approx(1000, abs=2)
