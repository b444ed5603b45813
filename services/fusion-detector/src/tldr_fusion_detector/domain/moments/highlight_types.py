"""Types from the registry, by the scores of dimensions."""

from collections.abc import Mapping

from tldr_fusion_detector.domain.profile.profile import HighlightType

MOST_TYPES = 3


def types_for(scores: Mapping[str, float], registry: tuple[HighlightType, ...]) -> tuple[str, ...]:
    """At most three types whose criteria all hold, the highest priority first, then by name.

    `scores` by dimension; one that is missing holds nothing. An exclusive type ends the list. A type without criteria
    is the last resort: it is given only when no other holds.
    """
    given: list[str] = []
    ordered = sorted(registry, key=lambda t: (not t.criteria, -t.priority, t.name))
    for kind in ordered:
        if len(given) == MOST_TYPES or (given and not kind.criteria):
            break
        if all(scores.get(criterion.dimension, -1.0) >= criterion.at_least for criterion in kind.criteria):
            given.append(kind.name)
            if kind.exclusive:
                break
    return tuple(given)
