import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tldr_fusion_detector.domain.moments.boundaries import Interval, grow, snap
from tldr_fusion_detector.domain.moments.peaks import find_peaks
from tldr_fusion_detector.domain.profile.calibration import Calibration
from tldr_fusion_detector.domain.signals.signals import Floats
from tldr_fusion_detector.domain.signals.timeline import Timeline

CALIBRATION = Calibration()


def _snap(wanted: Interval, peak_ms: int, timeline: Timeline) -> Interval:
    return snap(wanted, peak_ms, timeline, shortest_ms=5_000, longest_ms=30_000, within_ms=1_500)


def _hill(length_s: int, at: int, height: float, width: float) -> Floats:
    hill: Floats = height * np.exp(-0.5 * ((np.arange(length_s) - at) / width) ** 2)
    return hill


def test_two_hills_are_two_peaks() -> None:
    peaks = find_peaks(_hill(100, 30, 0.8, 4) + _hill(100, 70, 0.6, 4), 0.3, CALIBRATION)
    assert [(peak.at, round(peak.height, 3)) for peak in peaks] == [(30, 0.8), (70, 0.6)]


def test_a_ripple_on_a_hill_is_no_peak_of_its_own() -> None:
    score = _hill(100, 50, 0.8, 12)
    score[62] += 0.05
    assert [peak.at for peak in find_peaks(score, 0.3, CALIBRATION)] == [50]


def test_a_plateau_has_one_peak_and_silence_none() -> None:
    plateau = np.zeros(60)
    plateau[20:40] = 0.7
    assert [peak.at for peak in find_peaks(plateau, 0.3, CALIBRATION)] == [20]
    assert find_peaks(np.zeros(60), 0.0, CALIBRATION) == ()


def test_a_peak_at_either_end_is_found() -> None:
    assert [p.at for p in find_peaks(_hill(50, 0, 0.8, 4), 0.3, CALIBRATION)] == [0]
    assert [p.at for p in find_peaks(_hill(50, 49, 0.8, 4), 0.3, CALIBRATION)] == [49]


def test_a_highlight_grows_until_half_the_height() -> None:
    first, end, read = grow(_hill(100, 50, 0.8, 6), 50, 5, 40, 0.5)
    assert (first, end, read) == (43, 58, 59)  # 6 * sqrt(2 ln 2) = 7.06


def test_growth_stops_in_the_valley_before_something_higher() -> None:
    score = np.maximum(_hill(100, 40, 0.5, 6), _hill(100, 60, 0.9, 8))
    _, end, _ = grow(score, 40, 5, 60, 0.5)
    assert abs(end - (40 + int(np.argmin(score[40:60])))) <= 1


@given(
    arrays.arrays(np.float64, st.integers(1, 80), elements=st.floats(0, 1)),
    st.integers(0, 79),
    st.integers(1, 20),
    st.integers(1, 40),
)
def test_growth_keeps_the_peak_the_lengths_and_the_stream(score: Floats, at: int, shortest: int, longest: int) -> None:
    at, longest = at % len(score), max(shortest, longest)
    first, end, read = grow(score, at, shortest, longest, 0.5)
    assert grow(score[:read], at, shortest, longest, 0.5) == (first, end, read)
    assert 0 <= first <= at < end <= len(score)
    assert min(shortest, len(score)) <= end - first <= longest


@pytest.mark.parametrize(
    ("cuts", "pauses", "expected"),
    [
        ((), (), (20_000, 30_000)),
        ((19_000, 21_200, 31_900), (), (19_000, 30_000)),
        ((), ((18_000, 19_400), (29_000, 30_200)), (19_400, 30_000)),
        ((21_000,), ((19_000, 20_500),), (21_000, 30_000)),
        ((28_700, 30_600), (), (20_000, 30_600)),
    ],
)
def test_ends_snap_to_cuts_then_pauses_within_a_second_and_a_half(
    cuts: tuple[int, ...], pauses: tuple[tuple[int, int], ...], expected: tuple[int, int]
) -> None:
    timeline = Timeline(60, {}, (), cuts, pauses)
    snapped = _snap(Interval(20_000, 30_000), 25_500, timeline)
    assert (snapped.start_ms, snapped.end_ms) == expected


def test_a_cut_never_makes_a_highlight_too_short_or_loses_its_peak() -> None:
    timeline = Timeline(60, {}, (), (20_900, 25_400), ())
    assert _snap(Interval(20_000, 25_000), 20_500, timeline) == Interval(20_000, 25_400)
