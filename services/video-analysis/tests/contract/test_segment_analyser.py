"""What every `SegmentAnalyser` promises: names, shapes and ranges."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tldr_video_analysis.adapters.analysis.analyser_process_pool import ProcessPoolAnalyser
from tldr_video_analysis.domain.analysis.analyser import SegmentAnalyser
from tldr_video_analysis.domain.analysis.settings import AnalysisSettings
from tldr_video_analysis.domain.figures import signal_names
from tldr_video_analysis.domain.segments.part import SegmentPart

RANGES = {
    signal_names.MOTION: (0.0, 255.0),
    signal_names.ACTIVITY: (0.0, np.inf),
    signal_names.CUTS: (0.0, 30.0),
    signal_names.FLASHES: (0.0, 60.0),
    signal_names.LOUDNESS: (-70.0, 5.0),
    signal_names.ONSETS: (0.0, np.inf),
    signal_names.CROWD: (-70.0, 5.0),
    signal_names.SPEECH: (0.0, 1.0),
}


@pytest.fixture(scope="module")
async def pool() -> AsyncIterator[ProcessPoolAnalyser]:
    analyser = ProcessPoolAnalyser(processes=1)
    yield analyser
    await analyser.close()


@pytest.fixture(params=["fake", "process pool"])
def analyser(request: pytest.FixtureRequest, fake_analyser: SegmentAnalyser, pool: SegmentAnalyser) -> SegmentAnalyser:
    return fake_analyser if request.param == "fake" else pool


@pytest.fixture(scope="module")
def parts(
    clip: Any, parts_of: Callable[..., list[SegmentPart]], scene: Callable[..., NDArray[np.uint8]]
) -> list[SegmentPart]:
    def sound(at: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.tile(0.1 * np.sin(2 * np.pi * 300 * at), (2, 1))

    return parts_of(clip(seconds=6, picture=lambda at: scene(1, 30 * at), sound=sound))


async def test_every_series_has_a_value_for_every_second(analyser: SegmentAnalyser, parts: list[SegmentPart]) -> None:
    figures = await analyser(parts, 1, 5, AnalysisSettings())
    assert (figures.first_second, figures.end_second) == (1, 5)
    assert set(figures.series) == {*signal_names.VIDEO, *signal_names.AUDIO}
    for name, values in figures.series.items():
        low, high = RANGES[name]
        assert values.shape == (4,), name
        assert values.dtype == np.float32, name
        assert ((values >= low) & (values <= high)).all(), name


async def test_only_the_modalities_of_the_manifest_are_measured(
    analyser: SegmentAnalyser, parts: list[SegmentPart]
) -> None:
    silent = [SegmentPart(p.index, p.start_ms, p.end_ms, p.offset_ms, True, False, p.source) for p in parts]
    unseen = [SegmentPart(p.index, p.start_ms, p.end_ms, p.offset_ms, False, True, p.source) for p in parts]
    assert set((await analyser(silent, 0, 6, AnalysisSettings())).series) == set(signal_names.VIDEO)
    assert set((await analyser(unseen, 0, 6, AnalysisSettings())).series) == set(signal_names.AUDIO)


async def test_an_empty_range_has_empty_series(analyser: SegmentAnalyser, parts: list[SegmentPart]) -> None:
    figures = await analyser(parts, 3, 3, AnalysisSettings())
    assert {values.shape for values in figures.series.values()} == {(0,)}


async def test_spans_and_cuts_lie_inside_the_range(analyser: SegmentAnalyser, parts: list[SegmentPart]) -> None:
    figures = await analyser(parts, 1, 5, AnalysisSettings())
    assert all(1000 <= at < 5000 for at in figures.cuts_ms)
    assert all(1000 <= span.start_ms < span.end_ms <= 5000 for span in (*figures.speech, *figures.pauses))


async def test_the_same_parts_give_the_same_figures(analyser: SegmentAnalyser, parts: list[SegmentPart]) -> None:
    first = await analyser(parts, 0, 6, AnalysisSettings())
    second = await analyser(parts, 0, 6, AnalysisSettings())
    assert all(np.array_equal(first.series[name], second.series[name]) for name in first.series)
    assert (first.cuts_ms, first.pauses, first.gaps) == (second.cuts_ms, second.pauses, second.gaps)
