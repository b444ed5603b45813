import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tldr_fusion_detector.domain.profile.calibration import Calibration
from tldr_fusion_detector.domain.profile.profile import Dimension, ScoringMode, SignalWeight
from tldr_fusion_detector.domain.scoring.dimensions import Scored, score_dimension, squash
from tldr_fusion_detector.domain.signals.signals import Floats

CALIBRATION = Calibration(half_score_at=3.0)
PARTS = (SignalWeight("audio.crowd", 2.0), SignalWeight("chat.rate", 1.0), SignalWeight("chat.tokens", -1.0))


def _score(z: dict[str, list[float]], mode: ScoringMode = ScoringMode.RULE, model: Floats | None = None) -> Scored:
    dimension = Dimension("d", "", 1.0, mode, PARTS)
    arrays = {name: np.array(values) for name, values in z.items()}
    return score_dimension(dimension, arrays, model, 1, CALIBRATION)


def test_golden_squashing() -> None:
    curve = squash(np.array([-3.0, 0.0, 0.75, 1.5, 3.0, 6.0]), 1.5)
    np.testing.assert_allclose(curve, [0.0, 0.0, 0.2, 0.5, 0.8, 16 / 17])


def test_less_of_a_signal_with_a_negative_weight_means_more() -> None:
    short = _score({"audio.crowd": [0.0], "chat.rate": [0.0], "chat.tokens": [-3.0]})
    assert short.score[0] == pytest.approx(1 / 7)  # 3 / sqrt(6) deviations, half at 3
    assert short.parts["chat.tokens"][0] == pytest.approx(1 / 7)


def test_weights_of_missing_signals_go_to_those_present_and_coverage_says_so() -> None:
    all_there = _score({"audio.crowd": [1.5], "chat.rate": [1.5], "chat.tokens": [-1.5]})
    without = _score({"audio.crowd": [1.5], "chat.rate": [np.nan]})
    assert without.score[0] == pytest.approx(all_there.score[0], abs=1e-12)
    assert (all_there.coverage[0], without.coverage[0]) == (1.0, 0.5)


def test_a_dimension_without_any_signal_is_missing() -> None:
    nothing = _score({})
    assert np.isnan(nothing.score[0])
    assert nothing.coverage[0] == 0


@given(st.lists(st.floats(-3, 6), min_size=3, max_size=3))
def test_parts_sum_to_the_score(z: list[float]) -> None:
    scored = _score({"audio.crowd": [z[0]], "chat.rate": [z[1]], "chat.tokens": [z[2]]})
    assert sum(part[0] for part in scored.parts.values()) == pytest.approx(scored.score[0], abs=1e-12)
    assert 0 <= scored.score[0] <= 1


def test_a_model_stands_for_itself_and_a_hybrid_is_the_mean_of_both() -> None:
    z = {"audio.crowd": [1.5], "chat.rate": [1.5], "chat.tokens": [-1.5]}
    judged = _score(z, ScoringMode.MODEL, np.array([0.9]))
    both = _score(z, ScoringMode.HYBRID, np.array([0.9]))
    assert judged.score[0] == 0.9
    assert both.score[0] == pytest.approx(0.65)  # the rule alone: 6 / sqrt(6) deviations, 0.4
    assert sum(part[0] for part in both.parts.values()) == pytest.approx(0.65)


def test_a_hybrid_without_a_model_is_its_rule_at_half_the_coverage() -> None:
    z = {"audio.crowd": [1.5], "chat.rate": [1.5], "chat.tokens": [-1.5]}
    hybrid = _score(z, ScoringMode.HYBRID)
    assert hybrid.score[0] == pytest.approx(0.4)
    assert hybrid.coverage[0] == 0.5
