"""Dimension sets: 1 to 20 dimensions that share a weight of 1, and the types of highlights that go with them."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any

from tldr_contracts.signals import is_known
from tldr_gateway.domain.configuration.configured import Fault
from tldr_gateway.domain.configuration.highlight_type import type_faults

MAX_DIMENSIONS = 20
MAX_SIGNALS = 40
MAX_TYPES = 20
_ROUNDING = 1e-12
TELEMETRY = "telemetry"
"""The dimension of signals that a stream declares and no dimension weighs."""


class DimensionKind(StrEnum):
    """How a dimension is scored: from signals, by a model, or both."""

    RULE = "rule"
    MODEL = "model"
    HYBRID = "hybrid"


def set_faults(document: Mapping[str, Any]) -> tuple[Fault, ...]:
    """All that is wrong with a dimension set whose fields have the right types, in order of the fields."""
    dimensions = document["dimensions"]
    return (*_dimension_faults(dimensions), *_whole_faults(dimensions), *_faults_of_types(document))


def normalised(document: Mapping[str, Any]) -> dict[str, Any]:
    """The same with weights that sum to 1; those that do stay as they are, to the last digit."""
    total = math.fsum(dimension["weight"] for dimension in document["dimensions"])
    if abs(total - 1) < _ROUNDING:
        return dict(document)
    dimensions = [{**dimension, "weight": dimension["weight"] / total} for dimension in document["dimensions"]]
    return {**document, "dimensions": dimensions}


def repeated(names: Sequence[str]) -> Iterator[int]:
    """Where a name stands that stood before."""
    seen: Counter[str] = Counter()
    for number, name in enumerate(names):
        if seen[name]:
            yield number
        seen[name] += 1


def _dimension_faults(dimensions: Sequence[Mapping[str, Any]]) -> Iterator[Fault]:
    for number in repeated([dimension["name"] for dimension in dimensions]):
        yield Fault(f"dimensions.{number}.name", "Another dimension of the set has this name.")
    for number, dimension in enumerate(dimensions):
        at, kind = f"dimensions.{number}", DimensionKind(dimension["kind"])
        if dimension["name"] == TELEMETRY:
            yield Fault(f"{at}.name", "`telemetry` is the dimension of the signals that a stream declares.")
        if kind is DimensionKind.MODEL and dimension["signals"]:
            yield Fault(f"{at}.signals", "A dimension of kind `model` has no signals. Use `hybrid` for both.")
        if kind is not DimensionKind.MODEL and not any(part["weight"] for part in dimension["signals"]):
            yield Fault(f"{at}.signals", f"A dimension of kind `{kind}` needs a signal with a weight that is not 0.")
        if kind is DimensionKind.RULE and dimension["prompt"]:
            yield Fault(f"{at}.prompt", "A dimension of kind `rule` has no prompt. Use `hybrid` for both.")
        if kind is not DimensionKind.RULE and not dimension["prompt"]:
            yield Fault(f"{at}.prompt", f"A dimension of kind `{kind}` needs a prompt.")
        yield from _signal_faults(at, [part["signal"] for part in dimension["signals"]])


def _signal_faults(at: str, signals: Sequence[str]) -> Iterator[Fault]:
    for number in repeated(signals):
        yield Fault(f"{at}.signals.{number}.signal", "The dimension names this signal twice.")
    for number, signal in enumerate(signals):
        if not is_known(signal) or signal.startswith("model."):
            problem = "Nobody measures this signal. Those of your own begin with `external.`"
            yield Fault(f"{at}.signals.{number}.signal", problem)


def _whole_faults(dimensions: Sequence[Mapping[str, Any]]) -> Iterator[Fault]:
    if not math.fsum(dimension["weight"] for dimension in dimensions) > 0:
        yield Fault("dimensions", "All dimensions weigh nothing. Give one of them a weight.")
    elif not any(dimension["weight"] and dimension["kind"] != DimensionKind.MODEL for dimension in dimensions):
        problem = "No model is asked yet: one dimension with a weight must be of kind `rule` or `hybrid`."
        yield Fault("dimensions", problem)


def _faults_of_types(document: Mapping[str, Any]) -> Iterator[Fault]:
    names = {dimension["name"] for dimension in document["dimensions"]}
    for number in repeated([kind["name"] for kind in document["types"]]):
        yield Fault(f"types.{number}.name", "Another type of the set has this name.")
    for number, kind in enumerate(document["types"]):
        yield from type_faults(kind, names, at=f"types.{number}.")
