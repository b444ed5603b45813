"""What a seed decides about a demo broadcast."""

from itertools import pairwise

import pytest

from tldrctl.demo.plan import AROUND_MOMENT_MS, CALM_BETWEEN_MS, MOMENT_KINDS, Plan, plan_broadcast

SEEDS = range(40)


def plans() -> list[Plan]:
    return [plan_broadcast(seed, 180_000, 5) for seed in SEEDS]


def test_a_seed_always_makes_the_same_plan() -> None:
    assert plan_broadcast(3, 180_000, 5) == plan_broadcast(3, 180_000, 5)


def test_seeds_plant_at_different_times() -> None:
    assert len({plan.planted for plan in plans()}) == len(SEEDS)


def test_five_moments_of_eight_to_fourteen_seconds_are_planted_with_calm_between() -> None:
    for plan in plans():
        assert sorted(moment.kind for moment in plan.planted) == sorted(MOMENT_KINDS)
        assert all(8_000 <= moment.end_ms - moment.start_ms <= 14_000 for moment in plan.planted)
        calm = [after.start_ms - before.end_ms for before, after in pairwise(plan.planted)]
        assert min(calm) >= CALM_BETWEEN_MS


def test_the_chat_is_late_and_done_before_the_end() -> None:
    for plan in plans():
        assert 8_000 <= plan.chat_lag_ms <= 18_000
        assert plan.reaction(plan.planted[-1])[1] <= plan.duration_ms


def test_each_kind_of_distractor_stands_apart_from_moments_and_reactions() -> None:
    for plan in plans():
        assert sorted(one.kind for one in plan.distractors) == ["cut", "dull", "spam"]
        for one in plan.distractors:
            for moment in plan.planted:
                away = AROUND_MOMENT_MS
                assert one.end_ms + away <= moment.start_ms or one.start_ms >= moment.end_ms + away
                begin, end = plan.reaction(moment)
                assert one.end_ms <= begin or one.start_ms >= end


def test_a_long_broadcast_holds_twelve_moments_and_more_distractors() -> None:
    plan = plan_broadcast(1, 600_000, 12)
    assert (len(plan.planted), len(plan.distractors)) == (12, 12)


def test_too_many_moments_are_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        plan_broadcast(1, 60_000, 5)
