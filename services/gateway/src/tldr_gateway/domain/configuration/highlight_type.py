"""Types of highlights: what a moment must show to be called so."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from tldr_gateway.domain.configuration.configured import Fault

MAX_CRITERIA = 20


def dimensions_of(kind: Mapping[str, Any]) -> frozenset[str]:
    """The dimensions it asks about."""
    criteria = kind["criteria"]
    return frozenset((*criteria["min_scores"], *criteria["any_of"], *criteria["required_dimensions"]))


def type_faults(kind: Mapping[str, Any], dimensions: Collection[str] | None = None, *, at: str = "") -> Iterator[Fault]:
    """All that is wrong with a type whose fields have the right types. `dimensions`: those there are, where that is known."""
    criteria = kind["criteria"]
    shortest, longest = criteria["min_duration_ms"], criteria["max_duration_ms"]
    if longest is not None and longest < shortest:
        yield Fault(f"{at}criteria.max_duration_ms", "This is less than `min_duration_ms`.")
    if dimensions is None:
        return
    for field in ("min_scores", "any_of"):
        for name in criteria[field]:
            if name not in dimensions:
                yield Fault(f"{at}criteria.{field}.{name}", "The set has no such dimension.")
    for number, name in enumerate(criteria["required_dimensions"]):
        if name not in dimensions:
            yield Fault(f"{at}criteria.required_dimensions.{number}", "The set has no such dimension.")
