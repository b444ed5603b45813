"""Types from the registry, by what a moment shows."""

from collections.abc import Mapping
from dataclasses import dataclass

from tldr_fusion_detector.domain.profile.profile import HighlightType

MOST_TYPES = 3
NEVER: Mapping[str, int] = {}


@dataclass(frozen=True, slots=True)
class Moment:
    """`scores`: of the dimensions that were measured at the peak. `total`: of the highlight. Both in [0, 1]."""

    scores: Mapping[str, float]
    total: float
    peak_ms: int
    duration_ms: int


def types_for(
    moment: Moment, registry: tuple[HighlightType, ...], given_ms: Mapping[str, int] = NEVER
) -> tuple[str, ...]:
    """At most three types that hold, the highest priority first, then by name.

    An exclusive type ends the list. A type that asks for nothing is the last resort: it is given only when no other holds.
    `given_ms`: the peak of the last highlight before this one to which a type was given, for its cooldown.
    """
    given: list[str] = []
    ordered = sorted(registry, key=lambda t: (not t.asks, -t.priority, t.name))
    for kind in ordered:
        if len(given) == MOST_TYPES or (given and not kind.asks):
            break
        if _holds(kind, moment) and not _cools(kind, moment, given_ms):
            given.append(kind.name)
            if kind.exclusive:
                break
    return tuple(given)


def last_given(
    moment: Moment, types: tuple[str, ...], registry: tuple[HighlightType, ...], before_ms: Mapping[str, int]
) -> Mapping[str, int]:
    """When types that cool down were given last, this moment included."""
    cooling = {kind.name for kind in registry if kind.cooldown_ms}
    return {**before_ms, **{name: moment.peak_ms for name in types if name in cooling}}


def _holds(kind: HighlightType, moment: Moment) -> bool:
    reached = [moment.scores.get(criterion.dimension, -1.0) >= criterion.at_least for criterion in kind.criteria]
    one_of = [moment.scores.get(criterion.dimension, -1.0) >= criterion.at_least for criterion in kind.any_of]
    return (
        all(reached)
        and (any(one_of) or not one_of)
        and all(name in moment.scores for name in kind.required)
        and moment.total >= kind.min_total
        and moment.duration_ms >= kind.min_duration_ms
        and (not kind.max_duration_ms or moment.duration_ms <= kind.max_duration_ms)
    )


def _cools(kind: HighlightType, moment: Moment, given_ms: Mapping[str, int]) -> bool:
    last_ms = given_ms.get(kind.name)
    return last_ms is not None and moment.peak_ms - last_ms < kind.cooldown_ms
