import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tldr_fusion_detector.domain.profile.calibration import Calibration
from tldr_fusion_detector.domain.profile.profile import FusionMode
from tldr_fusion_detector.domain.scoring.fusion import fuse

CALIBRATION = Calibration()
NAMES = ("a", "b", "c")
WEIGHTS = np.array([0.5, 0.3, 0.2])

unit = st.floats(0.0, 1.0, allow_subnormal=False)
scores = st.lists(unit, min_size=3, max_size=3)
perhaps_missing = st.lists(unit | st.just(np.nan), min_size=3, max_size=3)
weights = st.lists(st.floats(0.01, 1.0), min_size=3, max_size=3)
modes = st.sampled_from(list(FusionMode))


def _fuse(mode: FusionMode, column: list[float], shares: NDArray[np.float64] = WEIGHTS) -> NDArray[np.float64]:
    names = NAMES[: len(column)]
    return fuse(mode, np.array(column)[:, None], shares, names, CALIBRATION)[:, 0]


@pytest.mark.parametrize(
    ("mode", "column", "expected"),
    [
        (FusionMode.WEIGHTED, [0.8, 0.4, 0.0], [0.4, 0.12, 0.0]),
        (FusionMode.CONSENSUS, [0.8, 0.8, 0.8], [0.4, 0.24, 0.16]),
        (FusionMode.CONSENSUS, [0.8, 0.0, 0.0], [0.4 * 0.65, 0.0, 0.0]),
        (FusionMode.CONSENSUS, [0.8, 0.25, 0.0], [0.4 * 0.755, 0.075 * 0.755, 0.0]),
        (FusionMode.CASCADE, [0.8, 0.4, 1.0], [0.4, 0.12, 0.16]),
        (FusionMode.CASCADE, [0.25, 1.0, 1.0], [0.125, 0.15, 0.1]),
        (FusionMode.MAX_CONFIDENCE, [0.3, 0.9, 0.2], [0.0, 0.9, 0.0]),
        (FusionMode.MAX_CONFIDENCE, [0.9, 0.9, 0.2], [0.9, 0.0, 0.0]),
        (FusionMode.WEIGHTED, [np.nan, 0.5, 1.0], [0.0, 0.3, 0.4]),
        (FusionMode.CONSENSUS, [np.nan, 0.8, 0.8], [0.0, 0.48, 0.32]),
        (FusionMode.CASCADE, [np.nan, 0.25, 1.0], [0.0, 0.15, 0.2]),
        (FusionMode.MAX_CONFIDENCE, [0.3, np.nan, 0.2], [0.3, 0.0, 0.0]),
        (FusionMode.WEIGHTED, [np.nan, np.nan, np.nan], [0.0, 0.0, 0.0]),
    ],
)
def test_golden_amounts(mode: FusionMode, column: list[float], expected: list[float]) -> None:
    np.testing.assert_allclose(_fuse(mode, column), expected, atol=1e-12)


@given(modes, perhaps_missing, weights)
def test_the_total_lies_between_zero_and_one(mode: FusionMode, column: list[float], shares: list[float]) -> None:
    amounts = _fuse(mode, column, np.array(shares))
    assert (amounts >= 0).all()
    assert amounts.sum() <= 1 + 1e-12


@given(modes, perhaps_missing, scores, weights)
def test_the_total_never_falls_when_scores_rise(
    mode: FusionMode, column: list[float], other: list[float], shares: list[float]
) -> None:
    higher = [max(a, b) for a, b in zip(column, other, strict=True)]  # NaN stays: it is the first
    assert _fuse(mode, higher, np.array(shares)).sum() >= _fuse(mode, column, np.array(shares)).sum() - 1e-12


@given(modes, perhaps_missing, weights)
def test_what_is_missing_might_as_well_not_have_been_asked_for(
    mode: FusionMode, column: list[float], shares: list[float]
) -> None:
    there = [i for i in range(3) if not np.isnan(column[i])]
    amounts = _fuse(mode, column, np.array(shares))
    assert amounts.sum() == pytest.approx(amounts[there].sum(), abs=1e-12)
    if there:
        names = tuple(NAMES[i] for i in there)
        alone = fuse(mode, np.array(column)[there][:, None], np.array(shares)[there], names, CALIBRATION)[:, 0]
        np.testing.assert_allclose(amounts[there], alone, atol=1e-12)


@given(modes, perhaps_missing, weights, st.permutations(range(3)))
def test_the_order_of_dimensions_does_not_matter(
    mode: FusionMode, column: list[float], shares: list[float], order: list[int]
) -> None:
    straight = fuse(mode, np.array(column)[:, None], np.array(shares), NAMES, CALIBRATION)
    names = tuple(NAMES[i] for i in order)
    mixed = fuse(mode, np.array(column)[order][:, None], np.array(shares)[order], names, CALIBRATION)
    np.testing.assert_array_equal(mixed, straight[order])


@given(modes, unit, weights, st.sets(st.integers(0, 2), max_size=2))
def test_where_all_agree_what_is_missing_changes_nothing(
    mode: FusionMode, score: float, shares: list[float], missing: set[int]
) -> None:
    if mode is FusionMode.CASCADE:  # below 0.5 the heaviest gates the rest, and another one is the heaviest now
        score = max(score, 0.5)
    column = [np.nan if i in missing else score for i in range(3)]
    whole = _fuse(mode, [score] * 3, np.array(shares)).sum()
    assert _fuse(mode, column, np.array(shares)).sum() == pytest.approx(whole, abs=1e-12)


def test_one_dimension_alone_never_beats_agreement() -> None:
    alone = _fuse(FusionMode.CONSENSUS, [1.0, 0.0, 0.0]).sum()
    assert alone < _fuse(FusionMode.CONSENSUS, [0.5, 0.5, 0.5]).sum()
