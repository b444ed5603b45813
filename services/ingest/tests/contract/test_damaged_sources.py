"""What is there of a damaged recording is cut, and the rest is a gap."""

from __future__ import annotations

import random
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tldr_ingest.domain.errors import IngestError
from tldr_ingest.domain.media.source import CutSegment, ReadGap, SourceEnded


def test_a_recording_that_breaks_off_is_cut_up_to_there_and_the_rest_is_a_gap(events_of: Any, record: Any) -> None:
    path = record("a.mp4", record.Picture(), record.Sound(), options={"movflags": "faststart"})
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * 0.6)])
    events = events_of(path)
    segments, gaps = events.of(CutSegment), events.of(ReadGap)
    assert 3_000 < segments[-1].end_ms < 8_500
    assert [gap.modality for gap in gaps] == ["video", "audio"]
    assert all(gap.code == "source_truncated" and abs(gap.end_ms - 10_000) < 100 for gap in gaps)
    assert events[-1] == SourceEnded(max(gap.end_ms for gap in gaps), len(segments))


def test_a_transport_stream_that_breaks_off_is_cut_up_to_there(events_of: Any, record: Any) -> None:
    path = record("a.ts", record.Picture(), record.Sound(), format="mpegts")
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * 0.6)])
    segments = events_of(path).of(CutSegment)
    assert 3_000 < segments[-1].end_ms < 8_500


def test_a_transport_stream_with_a_damaged_part_is_read_behind_it(events_of: Any, record: Any) -> None:
    path = record("a.ts", record.Picture(), record.Sound(), format="mpegts")
    data = bytearray(path.read_bytes())
    data[len(data) // 3 : len(data) // 2] = bytes(len(data) // 2 - len(data) // 3)
    path.write_bytes(bytes(data))
    segments = events_of(path).of(CutSegment)
    assert segments[-1].end_ms > 9_500


@pytest.mark.parametrize("name", ["a.mkv", "a.webm", "a.avi"])
def test_a_file_that_was_cut_off_has_a_gap_up_to_where_it_says_it_ends(
    events_of: Any, record: Any, tmp_path: Path, name: str
) -> None:
    codecs = {"a.webm": ("libvpx-vp9", "libopus"), "a.avi": ("mpeg4", "libmp3lame")}
    video, audio = codecs.get(name, ("libx264", "aac"))
    options = {"g": "30", "deadline": "realtime", "cpu-used": "8"} if name == "a.webm" else {"g": "30"}
    whole = record(name, record.Picture(codec=video, options=options), record.Sound(codec=audio))
    assert events_of(whole).of(ReadGap) == []
    cut = tmp_path / f"cut.{name.split('.')[1]}"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size * 6 // 10])
    gaps = {event.modality: event for event in events_of(cut).of(ReadGap)}
    assert set(gaps) == {"video", "audio"}
    for gap in gaps.values():
        assert 4000 < gap.start_ms < 8000
        assert abs(gap.end_ms - 10_000) < (1000 if name == "a.avi" else 150), "an AVI file loses its index"
        assert gap.code == "source_truncated"


@pytest.mark.parametrize("name", ["a.ts", "a.mp4", "a.mkv", "a.flv"])
def test_damage_anywhere_ends_in_segments_or_in_a_reason(events_of: Any, record: Any, name: str) -> None:
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
            segments = events_of(path).of(CutSegment)
        assert all(before.end_ms == after.start_ms for before, after in pairwise(segments))
