"""Another resolution in the middle of a recording is no moment."""

from collections.abc import Callable, Sequence
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tldr_video_analysis.adapters.analysis.segment_analyser_pyav import analyse
from tldr_video_analysis.domain.analysis.settings import AnalysisSettings
from tldr_video_analysis.domain.figures import signal_names
from tldr_video_analysis.domain.figures.figures import Figures, Series
from tldr_video_analysis.domain.segments.part import SegmentPart
from tldr_video_analysis.domain.segments.segment import AFTER_MS, BEFORE_MS, Window
from tldr_video_analysis.domain.streams.window_analysis import analysis_of, on_one_level, series_together

Parts = list[SegmentPart]

CHEAP, THOROUGH = AnalysisSettings(), AnalysisSettings(thorough=True)
LARGE, SMALL = (360, 640), (120, 214)
JOINTS_S = (6, 12)
SECONDS = 18
BURST_S = (14, 16)


@pytest.fixture(scope="module")
def parts(clip: Any, parts_of_joined: Any, scene: Callable[..., NDArray[np.uint8]]) -> Parts:
    """One view: large, small, large again, with keyframes each second. For two seconds it moves fast."""
    grain = np.random.default_rng(6).integers(-3, 4, (8, *LARGE))

    def seen(at: float, size: tuple[int, int]) -> NDArray[np.uint8]:
        fast = min(max(at - BURST_S[0], 0.0), BURST_S[1] - BURST_S[0])
        view = scene(1, 30 * at + 300 * fast, *LARGE).astype(np.int16) + grain[round(25 * at) % 8]
        small = cv2.resize(np.clip(view, 0, 255).astype(np.uint8), size[::-1], interpolation=cv2.INTER_AREA)
        return np.asarray(small, dtype=np.uint8)

    pieces = [
        clip(seconds=6, picture=lambda at, start=start, size=size: seen(start + at, size), keyframe_every=25)
        for start, size in ((0, LARGE), (6, SMALL), (12, LARGE))
    ]
    return list(parts_of_joined(pieces))


@pytest.fixture(scope="module", params=[CHEAP, THOROUGH], ids=["cheap", "thorough"])
def figures(request: pytest.FixtureRequest, parts: Parts) -> Figures:
    return analyse(parts, 0, SECONDS, request.param)


def steps(values: Series) -> list[float]:
    """What follows each joint over what came before it."""
    return [float(values[at : at + 2].mean() / values[at - 2 : at].mean()) for at in JOINTS_S]


def test_activity_goes_on_at_its_level(figures: Figures) -> None:
    assert figures.gaps == ()
    assert steps(figures.series[signal_names.ACTIVITY]) == pytest.approx([1.0, 1.0], abs=0.35)


def test_motion_goes_on_at_its_level(figures: Figures) -> None:
    assert steps(figures.series[signal_names.MOTION]) == pytest.approx([1.0, 1.0], abs=0.25)


def test_it_is_neither_cut_nor_flash(figures: Figures) -> None:
    assert figures.cuts_ms == ()
    assert not figures.series[signal_names.CUTS].any()
    assert not figures.series[signal_names.FLASHES].any()


def test_what_happens_in_the_picture_still_shows(figures: Figures) -> None:
    for name in (signal_names.ACTIVITY, signal_names.MOTION):
        values = figures.series[name]
        assert values[slice(*BURST_S)].mean() > 1.3 * values[12:14].mean(), name


@pytest.mark.parametrize("border", [6, 7, 11])
def test_windows_that_meet_at_or_near_a_joint_are_on_one_level(parts: Parts, border: int) -> None:
    whole = analyse(parts, 0, SECONDS, CHEAP)
    windows = [Window(0, border), Window(border, SECONDS)]
    figures = [analyse(needed(parts, window), window.first_second, window.end_second, CHEAP) for window in windows]
    analyses = [analysis_of(window, found, ()) for window, found in zip(windows, figures, strict=True)]
    even, level = on_one_level(analyses, 1.0)
    together = series_together(even)[signal_names.ACTIVITY]
    assert steps(together) == pytest.approx([1.0, 1.0], abs=0.35)
    assert together == pytest.approx(whole.series[signal_names.ACTIVITY], rel=0.35)
    assert level == pytest.approx(whole.level_change, rel=0.35)


def needed(parts: Sequence[SegmentPart], window: Window) -> Parts:
    """As an analysis gets them."""
    start_ms, end_ms = window.start_ms - BEFORE_MS, window.end_ms + AFTER_MS
    return [part for part in parts if part.end_ms > start_ms and part.start_ms < end_ms]
