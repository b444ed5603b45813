"""A segment closes at its limits whatever comes."""

from __future__ import annotations

from typing import Any

from tldr_ingest.domain.media.cutting import SegmentRule
from tldr_ingest.domain.media.source import CutSegment


def test_a_segment_closes_at_its_limit_without_a_keyframe(events_of: Any, record: Any) -> None:
    options = {"preset": "ultrafast", "g": "10000", "keyint_min": "10000", "sc_threshold": "0"}
    path = record("a.mp4", record.Picture(frames=3000, rate=50, width=64, height=48, options=options))
    segments = events_of(path).of(CutSegment)
    assert [segment.end_ms - segment.start_ms for segment in segments] == [12_000] * 5
    assert [segment.decode_from for segment in segments] == [0] * 5
    assert [segment.keyframes_ms for segment in segments] == [(0,), (), (), (), ()]


def test_a_segment_closes_at_its_size(events_of: Any, record: Any) -> None:
    rule = SegmentRule(max_bytes=20_000)
    events = events_of(record("a.mp4", record.Picture(), record.Sound()), rule=rule)
    segments = events.of(CutSegment)
    assert len(segments) > 4
    assert all(len(segment.data) < 45_000 for segment in segments)
    assert events[-1].duration_ms == segments[-1].end_ms
