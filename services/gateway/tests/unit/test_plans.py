"""Plans, what contracts change of them, and the names they are kept under."""

import pytest

from tldr_gateway.domain.accounts.plans import LIMITS, PLANS, impossible, kept_name, plan_named
from tldr_gateway.domain.accounts.rates import Rate


def test_a_contract_changes_its_limits_and_nothing_else() -> None:
    plan = plan_named("starter")
    agreed = plan.agreed({"active_streams": 40, "a_limit_of_later": 1, "requests_per_minute": 0})
    assert agreed.active_streams == 40
    assert {name: agreed.limits()[name] for name in LIMITS if name != "active_streams"} == {
        name: plan.limits()[name] for name in LIMITS if name != "active_streams"
    }


@pytest.mark.parametrize("name", sorted(PLANS))
def test_a_plan_is_kept_under_the_name_that_gateways_of_before_know(name: str) -> None:
    assert kept_name(name) in {"free", "team", "business"}
    assert plan_named(kept_name(name)) is plan_named(name)


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ({"stream": 1}, "There is no limit 'stream'"),
        ({"active_streams": 0}, "active_streams is a number from 1"),
        ({"lanes": 65}, "lanes is a number from 1 to 64"),
        ({"api_keys": 501}, "api_keys is a number from 1 to 500"),
    ],
)
def test_a_limit_that_cannot_hold_is_named(limits: dict[str, int], said: str) -> None:
    assert said in (impossible(limits) or "")
    assert impossible({"live_streams": 0, "priority": 0, "requests_per_minute": 60_000}) is None


def test_a_share_of_a_rate_is_never_nothing() -> None:
    assert Rate(300, 150).share(2) == Rate(150, 75)
    assert Rate(1, 1).share(5) == Rate(1, 1)
