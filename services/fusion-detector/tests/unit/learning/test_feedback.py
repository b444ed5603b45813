"""What verdicts teach, and what they must not teach."""

import math
import random
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tldr_fusion_detector.domain.learning.feedback import LEAST_SLOPE, Judged, Recalibration, learn

SEEDS = range(20)
# Shuffled verdicts may, by luck, look as if they followed the confidence: in one sample of 20 at most.
BY_LUCK = 1


def _judged(seed: int, count: int = 400, *, shuffled: bool = False, honest: bool = False) -> list[Judged]:
    """Over-confident: the published log-odds are 2.5 times the true ones, and 2 too high."""
    rng = np.random.default_rng(seed)
    truth = rng.normal(0, 1.2, count)
    published = truth if honest else 2.5 * truth + 2.0
    accepted = rng.random(count) < 1 / (1 + np.exp(-truth))
    if shuffled:
        accepted = rng.permutation(accepted)
    confidences = 1 / (1 + np.exp(-published))
    return [
        Judged(f"hl_{seed}_{i}", float(c), bool(a)) for i, (c, a) in enumerate(zip(confidences, accepted, strict=True))
    ]


def _loss(verdicts: Sequence[Judged], by: Recalibration | None) -> float:
    def likely(one: Judged) -> float:
        confidence = by(one.confidence) if by else one.confidence
        return min(max(confidence if one.accepted else 1 - confidence, 1e-9), 1.0)

    return -math.fsum(math.log(likely(one)) for one in verdicts) / len(verdicts)


@pytest.mark.parametrize("seed", SEEDS)
def test_over_confidence_is_learned_and_pays_on_verdicts_never_seen(seed: int) -> None:
    learned = learn(_judged(seed))
    assert learned
    fresh = _judged(seed + 1000)
    assert _loss(fresh, learned) < _loss(fresh, None) - 0.1
    assert learned.gain > 0.1
    assert learned.slope == pytest.approx(1 / 2.5, abs=0.15)


@pytest.mark.parametrize("count", [60, 400])
def test_shuffled_verdicts_teach_nothing(count: int) -> None:
    learned = [learn(_judged(seed, count, shuffled=True)) for seed in SEEDS]
    assert sum(one is not None for one in learned) <= BY_LUCK


def test_a_confidence_that_is_right_already_is_left_alone() -> None:
    learned = [learn(_judged(seed, honest=True)) for seed in SEEDS]
    assert sum(one is not None for one in learned) <= BY_LUCK


@pytest.mark.parametrize(
    ("accepted", "rejected", "enough"), [(22, 7, False), (23, 7, False), (14, 15, False), (22, 8, True), (15, 15, True)]
)
def test_thirty_verdicts_are_needed_and_eight_of_each(accepted: int, rejected: int, enough: bool) -> None:
    rng = random.Random(3)
    verdicts = [Judged(f"hl_a{i}", rng.uniform(0.92, 0.99), True) for i in range(accepted)]
    verdicts += [Judged(f"hl_r{i}", rng.uniform(0.7, 0.9), False) for i in range(rejected)]
    assert (learn(verdicts) is not None) is enough


def test_the_order_of_verdicts_does_not_matter() -> None:
    verdicts = _judged(1)
    learned = learn(verdicts)
    for seed in range(5):
        random.Random(seed).shuffle(verdicts)
        assert learn(verdicts) == learned


confidences = st.floats(0.0, 1.0)
recalibrations = st.builds(
    Recalibration, st.floats(LEAST_SLOPE, 20.0), st.floats(-20.0, 20.0), st.just(30), st.just(0.1)
)


@given(recalibrations, confidences, confidences)
def test_a_recalibrated_confidence_lies_in_its_range_and_keeps_the_order(
    by: Recalibration, one: float, other: float
) -> None:
    low, high = sorted((one, other))
    assert 0.0 <= by(low) <= by(high) <= 1.0


def test_confidences_that_go_the_wrong_way_never_turn_the_order_round() -> None:
    contrary = [Judged(one.highlight, one.confidence, not one.accepted) for one in _judged(2)]
    learned = learn(contrary)
    assert learned is None or learned.slope >= LEAST_SLOPE


@given(st.floats(LEAST_SLOPE, 3.0), st.floats(-3.0, 3.0), st.floats(0.01, 0.99))
def test_what_a_confidence_was_can_be_read_back(slope: float, intercept: float, confidence: float) -> None:
    by = Recalibration(slope, intercept, 30, 0.1)
    assert by.undo(by(confidence)) == pytest.approx(confidence, abs=1e-4)
