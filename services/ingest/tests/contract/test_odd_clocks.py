"""Timestamps that jump, start again, or come seldom."""

from __future__ import annotations

import io
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import pytest

from tldr_ingest.domain.media.source import CutSegment, ReadGap


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


def test_a_hole_stays_a_hole_and_is_a_gap(events_of: Any, record: Any, tmp_path: Path) -> None:
    path = _moved(record("a.mkv", record.Picture(), record.Sound()), tmp_path / "b.mkv", [(5.0, 60.0)])
    events = events_of(path)
    gaps, segments = events.of(ReadGap), events.of(CutSegment)
    assert {gap.modality for gap in gaps} == {"video", "audio"}
    for gap in gaps:
        assert gap.code == "timestamp_jump"
        assert abs(gap.start_ms - 5_000) < 150
        assert abs(gap.end_ms - 65_000) < 150
    assert abs(events[-1].duration_ms - 70_000) < 150
    assert all(before.end_ms == after.start_ms for before, after in pairwise(segments))
    assert sum(segment.video_packets for segment in segments) == 300


def test_a_clock_that_starts_again_is_joined(events_of: Any, tmp_path: Path, record: Any) -> None:
    one = record("one.ts", record.Picture(), record.Sound(), format="mpegts")
    path = tmp_path / "b.ts"
    path.write_bytes(one.read_bytes() * 2)
    events = events_of(path)
    segments = events.of(CutSegment)
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
    assert events_of(path, after=spliced.cursor)[1:-1] == segments[spliced.index + 1 :]


@pytest.mark.parametrize("starts_s", [1000, 40])
def test_a_pre_roll_that_is_coded_otherwise_makes_no_hole(
    events_of: Any, record: Any, tmp_path: Path, starts_s: int
) -> None:
    roll = record("roll.ts", record.Picture(frames=90), record.Sound(seconds=3.0), format="mpegts")
    programme = record(
        "programme.ts",
        record.Picture(width=96, height=64, frames=150, at=lambda n: n + 30 * starts_s),
        record.Sound(seconds=5.0, start=float(starts_s)),
        format="mpegts",
    )
    path = tmp_path / "both.ts"
    path.write_bytes(roll.read_bytes() + programme.read_bytes())
    events = events_of(path)
    assert events.of(ReadGap) == []
    assert abs(events[-1].duration_ms - 8000) < 200


def test_a_slide_show_has_no_gaps(events_of: Any, record: Any) -> None:
    options = {"preset": "ultrafast", "bf": "0"}
    path = record(
        "a.mp4",
        record.Picture(frames=5, ticks=1000, at=lambda n: n * 20_000, options=options),
        record.Sound(seconds=90),
    )
    events = events_of(path)
    assert events.of(ReadGap) == []
    assert abs(events[-1].duration_ms - 90_000) < 100
    assert sum(segment.video_packets for segment in events.of(CutSegment)) == 5
    assert any(not segment.has_video for segment in events.of(CutSegment))


def test_sound_that_begins_before_the_picture_keeps_the_streams_start(events_of: Any, record: Any) -> None:
    path = record("a.mkv", record.Picture(at=lambda n: n + 150), record.Sound(seconds=15))
    events = events_of(path)
    assert abs(events[-1].duration_ms - 15_000) < 50
    first = next(segment for segment in events.of(CutSegment) if segment.has_video)
    assert abs(first.keyframes_ms[0] - 5_000) < 40
