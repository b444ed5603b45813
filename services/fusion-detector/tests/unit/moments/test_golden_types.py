"""The golden table of types: what a moment shows, and what it is called."""

import pytest

from tldr_fusion_detector.domain.moments.highlight_types import Moment, last_given, types_for
from tldr_fusion_detector.domain.profile.profile import Criterion, HighlightType

REGISTRY = (
    HighlightType("goal", "Goal", (Criterion("goal", 0.9),), priority=20, exclusive=True, cooldown_ms=60_000),
    HighlightType(
        "uproar", "Uproar", priority=15, any_of=(Criterion("crowd", 0.8), Criterion("chat", 0.8)), min_total=0.5
    ),
    HighlightType("duel", "Duel", (Criterion("action", 0.5),), priority=10, min_duration_ms=20_000, required=("chat",)),
    HighlightType("burst", "Burst", (Criterion("action", 0.5),), priority=10, max_duration_ms=10_000),
    HighlightType("lively", "Lively", (Criterion("crowd", 0.1),), priority=5, cooldown_ms=120_000),
    HighlightType("strong", "Strong", priority=1, min_total=0.7),
    HighlightType("notable", "Notable", priority=99),
)
SECOND = 1000

# scores by dimension, total, length in seconds, seconds since the last goal and the last lively one -> types
TABLE = [
    ({"goal": 0.9}, 0.4, 15, None, None, ("goal",)),
    ({"goal": 0.9, "action": 0.9, "crowd": 0.9}, 0.9, 15, None, None, ("goal",)),
    ({"goal": 0.9, "crowd": 0.9}, 0.9, 15, 59, None, ("uproar", "lively", "strong")),
    ({"goal": 0.9, "crowd": 0.9}, 0.9, 15, 60, None, ("goal",)),
    ({"crowd": 0.8}, 0.5, 15, None, None, ("uproar", "lively")),
    ({"crowd": 0.8}, 0.49, 15, None, None, ("lively",)),
    ({"chat": 0.8}, 0.5, 15, None, None, ("uproar",)),
    ({"crowd": 0.79, "chat": 0.79}, 0.5, 15, None, None, ("lively",)),
    ({"action": 0.5, "chat": 0.0}, 0.3, 20, None, None, ("duel",)),
    ({"action": 0.5}, 0.3, 20, None, None, ("notable",)),
    ({"action": 0.5, "chat": 0.0}, 0.3, 19, None, None, ("notable",)),
    ({"action": 0.5}, 0.3, 10, None, None, ("burst",)),
    ({"action": 0.5}, 0.3, 11, None, None, ("notable",)),
    ({"action": 0.49}, 0.3, 10, None, None, ("notable",)),
    ({"crowd": 0.9, "action": 0.9, "chat": 0.1}, 0.9, 25, None, None, ("uproar", "duel", "lively")),
    ({"crowd": 0.9, "action": 0.9, "chat": 0.1}, 0.9, 25, None, 119, ("uproar", "duel", "strong")),
    ({"crowd": 0.1}, 0.3, 15, None, 119, ("notable",)),
    ({"crowd": 0.1}, 0.3, 15, None, 120, ("lively",)),
    ({}, 0.7, 15, None, None, ("strong",)),
    ({}, 0.69, 15, None, None, ("notable",)),
]


@pytest.mark.parametrize(("scores", "total", "length_s", "goal_s", "lively_s", "expected"), TABLE)
def test_golden_types(
    scores: dict[str, float],
    total: float,
    length_s: int,
    goal_s: int | None,
    lively_s: int | None,
    expected: tuple[str, ...],
) -> None:
    at = 500 * SECOND
    since = {"goal": goal_s, "lively": lively_s}
    given = {name: at - seconds * SECOND for name, seconds in since.items() if seconds is not None}
    moment = Moment(scores, total, at, length_s * SECOND)
    assert types_for(moment, REGISTRY, given) == expected
    # In whatever order the registry stands.
    assert types_for(moment, REGISTRY[::-1], given) == expected


def test_only_what_cools_down_is_remembered() -> None:
    moment = Moment({}, 0.5, 90_500, 10_000)
    assert last_given(moment, ("lively", "uproar"), REGISTRY, {"goal": 500}) == {"goal": 500, "lively": 90_500}
