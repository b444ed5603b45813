"""Checks on the figures of a scorer's document; what is not as it must be raises InvalidScorer."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tldr_fusion_detector.domain.signals.signals import Floats


class InvalidScorer(ValueError):
    """The document is no scorer that can be used; the message is a sentence that says what is wrong."""


def require(condition: bool, sentence: str) -> None:
    """Raise InvalidScorer with the sentence unless the condition holds."""
    if not condition:
        raise InvalidScorer(sentence)


def fields(value: Any, names: Sequence[str], what: str) -> Sequence[Any]:
    """The values of an object that has these fields and no others."""
    known = isinstance(value, Mapping) and set(value) == set(names)
    require(known, f"{what} must have the fields {', '.join(names)}, and no others.")
    return [value[name] for name in names]


def items(value: Any, least: int, most: int, what: str) -> Sequence[Any]:
    """A list of a length within bounds."""
    require(isinstance(value, list) and least <= len(value) <= most, f"{what} must be a list of {least} to {most}.")
    listed: Sequence[Any] = value
    return listed


def text(value: Any, most: int, what: str) -> str:
    """1 to `most` characters."""
    require(isinstance(value, str) and 0 < len(value) <= most, f"{what} must be text of 1 to {most} characters.")
    return str(value)


def whole(value: Any, least: int, most: int, what: str) -> int:
    """An integer within bounds."""
    is_whole = isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
    require(is_whole, f"{what} must be a whole number from {least} to {most}.")
    return int(value)


def number(value: Any, least: float, most: float, what: str) -> float:
    """A finite number within bounds."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most
    require(is_number, f"{what} must be a number from {least:g} to {most:g}.")
    return float(value)


def numbers(value: Any, length: int, most: float, what: str) -> Floats:
    """`length` numbers between -most and most."""
    return np.array([number(one, -most, most, what) for one in items(value, length, length, what)], np.float64)


def wholes(value: Any, length: int, least: int, most: int, what: str) -> NDArray[np.int64]:
    """`length` whole numbers within bounds."""
    return np.array([whole(one, least, most, what) for one in items(value, length, length, what)], np.int64)


def figures(value: Any, what: str) -> dict[str, float]:
    """At most twenty finite numbers by name."""
    require(isinstance(value, Mapping) and len(value) <= 20, f"{what} must be an object of at most 20 figures.")
    largest = math.ldexp(1.0, 53)
    return {text(name, 100, what): number(one, -largest, largest, what) for name, one in value.items()}
