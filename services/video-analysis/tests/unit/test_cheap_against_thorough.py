"""How well the cheap figures agree with decoding everything, on one clip with planted cuts, bursts of motion and a flash."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tldr_video_analysis.adapters.analysis.segment_analyser_pyav import analyse
from tldr_video_analysis.domain.analysis.settings import AnalysisSettings
from tldr_video_analysis.domain.figures import signal_names
from tldr_video_analysis.domain.figures.figures import Figures
from tldr_video_analysis.domain.segments.part import SegmentPart

SECONDS = 40
CUTS_S = (6.52, 15.0, 21.32, 30.76)
BURSTS_S = ((3.0, 6.0), (17.0, 20.0), (33.0, 37.0))
FLASH_S = 26.4


@pytest.fixture(scope="module")
def parts(
    clip: Any, parts_of: Callable[..., list[SegmentPart]], scene: Callable[..., NDArray[np.uint8]]
) -> list[SegmentPart]:
    grain = np.random.default_rng(6).integers(-3, 4, (8, 180, 320))

    def picture(at: float) -> NDArray[np.uint8]:
        fast = sum(min(max(at - start, 0.0), end - start) for start, end in BURSTS_S)
        view = scene(int(np.searchsorted(CUTS_S, at + 1e-6, "right")), 12 * at + 50 * fast).astype(np.int16)
        if FLASH_S <= at < FLASH_S + 0.12:
            view = view + 120
        return np.asarray(np.clip(view + grain[round(25 * at) % 8], 0, 255), dtype=np.uint8)

    return parts_of(clip(seconds=SECONDS, picture=picture), every_s=4.0)


@pytest.fixture(scope="module")
def thorough(parts: list[SegmentPart]) -> Figures:
    return analyse(parts, 0, SECONDS, AnalysisSettings(thorough=True))


@pytest.fixture(scope="module")
def cheap(parts: list[SegmentPart]) -> Figures:
    return analyse(parts, 0, SECONDS, AnalysisSettings())


def found(figures: Figures, within_ms: int) -> int:
    return sum(any(abs(1000 * at - cut) <= within_ms for cut in figures.cuts_ms) for at in CUTS_S)


def test_thorough_finds_the_planted_cuts_and_the_flash_and_no_other(thorough: Figures) -> None:
    assert found(thorough, 1) == len(thorough.cuts_ms) == len(CUTS_S)
    assert np.flatnonzero(thorough.series[signal_names.FLASHES]).tolist() == [26]


def test_cheap_motion_correlates_with_thorough_motion_by_more_than_nine_tenths(
    cheap: Figures, thorough: Figures
) -> None:
    ours, theirs = cheap.series[signal_names.MOTION], thorough.series[signal_names.MOTION]
    assert np.corrcoef(ours, theirs)[0, 1] > 0.9
    assert np.median(ours / theirs) == pytest.approx(1.0, abs=0.25)


def test_cheap_finds_three_of_four_cuts_within_a_fifth_of_a_second_and_at_most_one_false(cheap: Figures) -> None:
    assert found(cheap, 200) >= 3
    assert len(cheap.cuts_ms) <= found(cheap, 200) + 1


def test_cheap_decodes_a_small_part(cheap: Figures, thorough: Figures) -> None:
    assert cheap.effort.pictures_decoded < 0.25 * thorough.effort.pictures_decoded
    assert cheap.effort.seconds_examined <= 0.1 * SECONDS


def test_what_needs_no_decoding_is_the_same(cheap: Figures, thorough: Figures) -> None:
    assert (cheap.series[signal_names.ACTIVITY] == thorough.series[signal_names.ACTIVITY]).all()
