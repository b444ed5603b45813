"""The figures by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tldr_fusion_detector.domain.moments.agreement import Span, average_precision, intersection_over_union, pooled_f1


def test_average_precision_is_the_mean_precision_at_each_true_second() -> None:
    inside = np.array([True, False, True, False])
    assert average_precision(inside, np.array([0.9, 0.8, 0.7, 0.1])) == pytest.approx((1 / 1 + 2 / 3) / 2)
    assert average_precision(inside, np.array([0.9, 0.1, 0.8, 0.2])) == 1.0
    assert average_precision(np.zeros(3, bool), np.ones(3)) == 0.0


def test_equal_scores_rank_in_order_of_time() -> None:
    assert average_precision(np.array([False, False, True]), np.zeros(3)) == pytest.approx(1 / 3)
    assert average_precision(np.array([True, False, False]), np.zeros(3)) == 1.0


@pytest.mark.parametrize(
    ("one", "other", "iou"),
    [((0, 10), (0, 10), 1.0), ((0, 10), (5, 15), 1 / 3), ((0, 10), (10, 20), 0.0), ((3, 4), (3, 5), 0.5)],
)
def test_overlap_is_the_share_of_what_either_holds(one: Span, other: Span, iou: float) -> None:
    assert intersection_over_union(one, other) == pytest.approx(iou)
    assert intersection_over_union(other, one) == pytest.approx(iou)


def test_f1_is_pooled_over_streams() -> None:
    assert pooled_f1([(1, 2, 1), (0, 0, 2)]) == pytest.approx(2 * 1 / (2 + 3))
    assert pooled_f1([(0, 0, 0)]) == 0.0


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=1, max_size=40))
def test_average_precision_lies_between_chance_at_worst_and_one(seconds: list[tuple[bool, int]]) -> None:
    inside, scores = np.array([one for one, _ in seconds]), np.array([float(score) for _, score in seconds])
    found = average_precision(inside, scores)
    assert 0.0 <= found <= 1.0
    if inside.any():
        assert average_precision(inside, inside.astype(np.float64)) == 1.0
        assert found >= average_precision(inside, -inside.astype(np.float64)) - 1e-12
