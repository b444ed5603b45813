"""From a trained score to stretches of time."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tldr_fusion_detector.domain.learning.segment_choice import agreement, choose_rule, runs
from tldr_fusion_detector.domain.profile.profile import Processing
from tldr_fusion_detector.domain.scoring.scorer.segments import SegmentRule, at_least

RULE = SegmentRule(enter=0.5, stay=0.4, merge_s=2, least_s=3)


def score(text: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """A digit a second, in tenths."""
    return np.array([int(digit) / 10 for digit in text])


@pytest.mark.parametrize(
    ("scores", "found"),
    [
        ("0045540", ((2, 6),)),
        ("0044440", ()),  # never enters
        ("0055000", ()),  # too short
        ("0550055", ((1, 7),)),  # two seconds apart
        ("055500555", ((1, 9),)),
        ("0555000555", ((1, 4), (7, 10))),
        ("555", ((0, 3),)),
        ("", ()),
    ],
)
def test_a_stretch_stays_above_the_lower_threshold_and_reaches_the_higher(
    scores: str, found: tuple[tuple[int, int], ...]
) -> None:
    assert RULE.segments(score(scores), longest_s=30) == found


@given(st.lists(st.floats(0, 1), max_size=60), st.integers(3, 10))
def test_what_follows_never_moves_a_piece(values: list[float], longest_s: int) -> None:
    whole = np.array(values)
    for known in range(len(values)):
        settled = known - longest_s - RULE.merge_s - 1
        before = [piece for piece in RULE.segments(whole[:known], longest_s) if piece[1] <= settled]
        after = [piece for piece in RULE.segments(whole, longest_s) if piece[1] <= settled]
        assert before == after


def test_what_is_too_short_grows_towards_the_higher_side() -> None:
    assert at_least((3, 5), score("000553200"), 4) == (3, 7)
    assert at_least((0, 2), score("55"), 4) == (0, 2)


def test_the_rule_that_finds_the_planted_moments_is_chosen() -> None:
    rng = np.random.default_rng(3)
    truth = [np.zeros(600, np.bool_) for _ in range(4)]
    for inside in truth:
        for start in rng.choice(np.arange(0, 560, 40), 6, replace=False):
            inside[start + 5 : start + 20] = True
    scores = [np.clip(0.45 * inside + rng.uniform(0, 0.3, 600), 0, 1) for inside in truth]
    rule = choose_rule(scores, truth, Processing())
    assert rule.stay <= 0.45
    assert rule.enter > 0.3
    assert min(agreement(rule, scores, truth, Processing())) > 0.95


def test_runs_are_half_open() -> None:
    assert runs(np.array([True, False, True, True])) == [(0, 1), (2, 4)]
