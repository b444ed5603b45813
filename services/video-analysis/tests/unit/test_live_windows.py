"""What is measured of a live stream as it happens is what is measured of it when all of it is there."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tldr_contracts.ids import StreamId
from tldr_video_analysis.adapters.analysis.segment_analyser_pyav import analyse
from tldr_video_analysis.domain.analysis.settings import AnalysisSettings
from tldr_video_analysis.domain.figures import signal_names
from tldr_video_analysis.domain.figures.figures import Figures
from tldr_video_analysis.domain.segments.part import SegmentPart
from tldr_video_analysis.domain.segments.segment import Segment, needed
from tldr_video_analysis.domain.streams.analysed_stream import AnalysedStream, Request, WindowLengths

LIVE = AnalysisSettings(thorough=True, live=True)
SECONDS = 12
CUTS_S = (2.96, 5.48, 8.2)
# A flash across the end of a segment, and another across that of a window.
FLASHES_S = ((3.92, 4.12), (6.92, 7.08))


def sound(at: NDArray[np.float64]) -> NDArray[np.float64]:
    noise = np.random.default_rng(5).normal(0, 0.01, (2, len(at)))
    voice = sum((np.sin(2 * np.pi * 140 * k * at) / k for k in range(1, 20)), np.zeros(len(at)))
    return noise * (1.0 + 20.0 * (at % 4 > 3.9)) + 0.1 * voice * (at % 1 < 0.5)


@pytest.fixture(scope="module")
def parts(
    clip: Any, parts_of: Callable[..., list[SegmentPart]], scene: Callable[..., NDArray[np.uint8]]
) -> list[SegmentPart]:
    def picture(at: float) -> NDArray[np.uint8]:
        flash = any(start <= at + 1e-6 < end for start, end in FLASHES_S)
        return scene(9 if flash else int(np.searchsorted(CUTS_S, at + 1e-6, "right")), 20 * at)

    return parts_of(clip(seconds=SECONDS, picture=picture, sound=sound, keyframe_every=50, frames_per_second=25))


def as_it_happens(parts: list[SegmentPart]) -> list[Figures]:
    """The figures of the windows of a live stream, each of the segments that are there when it is planned."""
    stream = AnalysedStream(StreamId("str_1"), request=Request(priority=0, thorough=False, live=True))
    figures = []
    for count, part in enumerate(parts, 1):
        stream = stream.read(part.end_ms)
        if count == len(parts):
            stream = stream.ended(1, part.end_ms, None)
        stream, windows = stream.plan(WindowLengths())
        there = [
            Segment(one.index, one.start_ms, one.end_ms, "", "", 0, one.index, True, True) for one in parts[:count]
        ]
        for window in windows:
            read = [parts[segment.index] for segment in needed(there, window)]
            figures.append(analyse(read, window.first_second, window.end_second, LIVE))
    return figures


def test_figures_of_two_seconds_are_those_of_the_whole(parts: list[SegmentPart]) -> None:
    found, whole = as_it_happens(parts), analyse(parts, 0, SECONDS, LIVE)
    assert len(found) == len(parts)
    for name, expected in whole.series.items():
        series = np.concatenate([figures.series[name] for figures in found])
        # The voice detector adapts to what it heard before; a second of lead-in does not make up for all of it.
        tolerance = 0.2 if name == signal_names.SPEECH else 5e-3
        assert series == pytest.approx(expected, abs=tolerance), name
    assert sum((figures.cuts_ms for figures in found), ()) == whole.cuts_ms
    assert len(whole.cuts_ms) == len(CUTS_S)


def test_what_a_live_stream_leaves_undecoded_changes_little(parts: list[SegmentPart]) -> None:
    live, thorough = (analyse(parts, 0, SECONDS, settings) for settings in (LIVE, AnalysisSettings(thorough=True)))
    assert live.effort.pictures_decoded < thorough.effort.pictures_decoded
    motion, exact = live.series[signal_names.MOTION], thorough.series[signal_names.MOTION]
    assert np.abs(motion - exact).mean() < 0.06 * exact.mean()
    assert live.cuts_ms == pytest.approx(thorough.cuts_ms, abs=90)
