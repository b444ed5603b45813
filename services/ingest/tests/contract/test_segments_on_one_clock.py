"""Segments of a live stream may be written on one clock, so that a player takes them one after the other."""

import io
from pathlib import Path
from typing import Any

import av
import pytest

from tldr_ingest.adapters.media.segment_file_pyav import SegmentWriter
from tldr_ingest.adapters.media.tracks_pyav import ChosenTracks
from tldr_ingest.domain.media.cutting import Timed
from tldr_ingest.domain.media.source import Modality
from tldr_ingest.domain.media.timeline import TrackClock
from tldr_testing.studio import Studio

STREAM_MS = 43_200_350
"""The recording is what a stream shows after twelve hours and a bit."""


@pytest.mark.parametrize("base_ms", [None, -STREAM_MS])
def test_timestamps_are_moved_by_what_is_wanted(tmp_path: Path, base_ms: int | None) -> None:
    with av.open(str(Studio(tmp_path).record(seconds=2))) as source:
        video, audio = source.streams.video[0], source.streams.audio[0]
        clocks = {
            stream.index: TrackClock(modality, stream.time_base.numerator, stream.time_base.denominator)  # type: ignore[union-attr]
            for stream, modality in ((video, Modality.VIDEO), (audio, Modality.AUDIO))
        }
        packets = [_timed(packet, packet.stream is video) for packet in source.demux() if packet.size]
        before = [float(packet.pts * packet.packet.time_base) for packet in packets]
        data, moved_ms = SegmentWriter(ChosenTracks(video, audio), clocks).write(packets, base_ms=base_ms)
    assert moved_ms == base_ms or base_ms is None
    with av.open(io.BytesIO(data), "r") as written:
        after = [
            float(packet.pts * packet.time_base) for packet in written.demux() if packet.size and packet.pts is not None
        ]
    assert sorted(after) == pytest.approx([at - moved_ms / 1000 for at in sorted(before)], abs=0.001)


def _timed(packet: Any, video: bool) -> Timed:
    return Timed(packet, video, packet.is_keyframe, packet.pts, packet.dts, 0, 0, 0, packet.size)
