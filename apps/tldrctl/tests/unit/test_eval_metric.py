"""The figures by hand."""

import math

import numpy as np
import pytest

from tldrctl.evaluation.curves import calibration_error, planted_lag, precision_and_recall, reliability
from tldrctl.evaluation.metric import (
    best_clip_hits,
    figures,
    matched,
    seconds_inside,
)
from tldrctl.evaluation.prediction import Prediction, Segment


def prediction(scores: list[float], *segments: tuple[int, int, float]) -> Prediction:
    found = tuple(Segment(first, last, 0.5, confidence) for first, last, confidence in segments)
    return Prediction(np.array(scores), found)


def test_the_best_clip_of_two_seconds_hits_when_either_second_is_true() -> None:
    inside = np.array([False, False, False, True, False])
    assert best_clip_hits(inside, np.array([0.1, 0.2, 0.9, 0.0, 0.0]))
    assert not best_clip_hits(inside, np.array([0.1, 0.95, 0.9, 0.0, 0.0]))
    assert best_clip_hits(inside, np.array([0.1, 0.2, 0.3, 0.1, 1.0]))  # the odd last second is in no clip
    assert not best_clip_hits(np.array([True]), np.array([1.0]))


def test_the_best_pair_is_matched_first_and_each_once() -> None:
    assert matched([(0, 9), (2, 11)], [(2, 11)], 0.3) == [(1, 0)]
    assert matched([(0, 9)], [(0, 4), (5, 9)], 0.3) == [(0, 0)]
    assert matched([(0, 9)], [(8, 17)], 0.3) == []
    assert matched([], [(0, 9)], 0.3) == []


def test_seconds_beyond_either_end_are_no_seconds() -> None:
    assert seconds_inside([(-2, 0), (3, 9)], 5).tolist() == [True, False, False, True, True]


def test_figures_of_two_games_by_hand() -> None:
    good = prediction([0.0, 0.9, 0.8, 0.0], (1, 2, 0.5))
    bad = prediction([0.9, 0.0, 0.0, 0.1], (0, 0, 0.5))
    found = figures([[(1, 2)], [(3, 3)]], [good, bad])
    assert found.games == 2
    assert found.ap == pytest.approx((1.0 + 0.5) / 2)
    assert (found.ap_low, found.ap_high) == (0.5, 1.0)
    assert found.hit == 0.5
    assert found.f1 == pytest.approx(2 * 2 / (3 + 3))
    assert found.seg_f1_30 == found.seg_f1_50 == pytest.approx(2 * 1 / (2 + 2))


def test_precision_ends_at_the_share_of_true_seconds_and_recall_at_one() -> None:
    precision, recall = precision_and_recall([[(0, 0)], [(1, 1)]], [prediction([0.9, 0.1]), prediction([0.8, 0.2])])
    assert precision.tolist() == pytest.approx([1.0, 0.5, 2 / 3, 0.5])
    assert recall.tolist() == pytest.approx([0.5, 0.5, 1.0, 1.0])


def test_reliability_counts_what_people_kept_in_bins_of_equal_count() -> None:
    right, wrong = [(10 * i, 10 * i + 5, 0.9) for i in range(10)], [(10 * i + 6, 10 * i + 8, 0.2) for i in range(10)]
    truth = [[(first, last) for first, last, _ in right]]
    low, high = reliability(truth, [prediction([0.0] * 100, *right, *wrong)])
    assert [(one.kept, one.count) for one in (low, high)] == [(0.0, 10), (1.0, 10)]
    assert [one.confidence for one in (low, high)] == pytest.approx([0.2, 0.9])
    assert calibration_error([low, high]) == pytest.approx((0.2 + 0.1) / 2)
    assert reliability([[]], [prediction([0.0])]) == ()
    assert calibration_error(()) == 0.0


def test_a_lag_planted_in_a_made_up_stream_is_found() -> None:
    assert all(math.isclose(planted_lag(seed, 21).seconds, 21, abs_tol=1.0) for seed in range(3))
