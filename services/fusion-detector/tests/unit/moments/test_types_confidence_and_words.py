import math

import pytest

from tldr_fusion_detector.domain.moments.confidence import confidence
from tldr_fusion_detector.domain.moments.highlight_types import Moment, types_for
from tldr_fusion_detector.domain.moments.wording import reason_for, times_as, title_for
from tldr_fusion_detector.domain.profile.calibration import Calibration
from tldr_fusion_detector.domain.profile.profile import Criterion, HighlightType
from tldr_fusion_detector.domain.scoring.ledger import Contribution

REGISTRY: tuple[HighlightType, ...] = (
    HighlightType("any", "Any", priority=99),
    HighlightType("loud", "Loud", (Criterion("crowd", 0.5),), priority=5),
    HighlightType("fast", "Fast", (Criterion("action", 0.5),), priority=5),
    HighlightType("epic", "Epic", (Criterion("crowd", 0.8), Criterion("action", 0.8)), priority=9),
    HighlightType("goal", "Goal", (Criterion("goal", 0.9),), priority=20, exclusive=True),
    HighlightType("lively", "Lively", (Criterion("crowd", 0.1),), priority=1),
)


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ({"crowd": 0.9, "action": 0.9}, ("epic", "fast", "loud")),
        ({"crowd": 0.5, "action": 0.2}, ("loud", "lively")),
        ({"crowd": 0.9, "action": 0.9, "goal": 0.95}, ("goal",)),
        ({"action": 0.1}, ("any",)),
        ({}, ("any",)),
    ],
)
def test_types_by_priority_at_most_three(scores: dict[str, float], expected: tuple[str, ...]) -> None:
    assert types_for(Moment(scores, 0.5, 60_500, 20_000), REGISTRY) == expected


def test_confidence_rises_with_score_and_coverage_and_stays_a_probability() -> None:
    calibration = Calibration()
    assert confidence(calibration.even_score, calibration.measured_coverage, calibration) == pytest.approx(0.5)
    assert confidence(calibration.even_score, 1.0, calibration) == pytest.approx(1 / (1 + math.exp(-0.9)))
    assert confidence(calibration.even_score, 0.0, calibration) == pytest.approx(1 / (1 + math.exp(0.6)))
    rising = [confidence(score / 10, 0.7, calibration) for score in range(11)]
    assert rising == sorted(rising)
    assert 0 <= rising[0] < rising[-1] <= 1


def _contribution(signal: str, value: float, baseline: float, amount: float, z: float = 4.0) -> Contribution:
    return Contribution(signal, "d", value, baseline, z, amount)


CROWD = _contribution("audio.crowd", -30.2, -44.4, 0.3)
RATE = _contribution("chat.rate", 9.9, 2.0, 0.2)
LAUGHTER = _contribution("chat.laughter", 0.4, 0.02, 0.1)
MOTION = _contribution("video.motion", 9.0, 3.1, 0.15)


@pytest.mark.parametrize(
    ("contributions", "title", "reason"),
    [
        (
            (CROWD, RATE, LAUGHTER),
            "Crowd roars, chat races",
            "Crowd 14 dB above normal, chat five times as fast, laughing.",
        ),
        ((MOTION,), "Action picks up", "Action three times as fast."),
        (
            (LAUGHTER, CROWD, RATE, MOTION),
            "Crowd roars, chat races",
            "Crowd 14 dB above normal, chat five times as fast, laughing, action three times as fast.",
        ),
        ((_contribution("chat.rate", 3.0, 0.0, 0.3),), "Chat races", "Chat suddenly fast."),
        (
            (_contribution("model.humour", 0.87, 0.0, 0.4), _contribution("external.net_worth", 9.0, 1.0, 0.2)),
            "Humour stands out, net worth stands out",
            "Humour rated 87 of 100, net worth far above normal.",
        ),
        (
            (_contribution("chat.digits", 0.0, 0.2, 0.3, -3), _contribution("chat.tokens", 2.0, 6.0, 0.3, -3)),
            "Chat reacts",
            "Chat in short bursts.",
        ),
        (
            (_contribution("audio.speech", 0.0, 0.8, 0.3, -3), _contribution("chat.sentiment", -0.5, 0.1, 0.2, -3)),
            "Talk changes, chat feels it",
            "Talk falling silent, chat upset.",
        ),
        (
            (
                _contribution("chat.triumph", 0.4, 0.02, 0.3),
                _contribution("chat.brevity", 0.9, 0.3, 0.25),
                _contribution("chat.learned", 0.8, 0.1, 0.2),
            ),
            "Chat celebrates",
            "Chat celebrating, crying out, saying what it says at its big moments.",
        ),
        (
            (_contribution("chat.learned", 0.8, 0.1, 0.3), MOTION),
            "Chat says its big words, action picks up",
            "Chat saying what it says at its big moments, action three times as fast.",
        ),
        (
            (_contribution("chat.brevity", 0.9, 0.3, 0.35), CROWD, _contribution("chat.triumph", 0.4, 0.02, 0.2)),
            "Chat cries out, crowd roars",
            "Chat crying out, celebrating, crowd 14 dB above normal.",
        ),
        ((), "A moment", "Several signals rose a little together."),
    ],
)
def test_golden_words(contributions: tuple[Contribution, ...], title: str, reason: str) -> None:
    ordered = tuple(sorted(contributions, key=lambda c: -c.amount))
    assert (title_for(ordered, "a moment"), reason_for(ordered)) == (title, reason)


def test_what_gave_next_to_nothing_is_not_mentioned() -> None:
    assert reason_for((CROWD, _contribution("video.flashes", 1, 0, 0.01))) == "Crowd 14 dB above normal."


def test_ratios_are_said_as_people_say_them() -> None:
    said = [times_as(ratio) for ratio in (1.1, 1.5, 1.9, 2.6, 8.0, 40.0)]
    assert said == ["a little", "half again", "twice", "three times", "eight times", "more than eight times"]
