"""What passes between the service and a process that reads."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Task:
    """A generator to be run in the process: `work(*arguments)` yields Item."""

    work: Callable[..., Iterator["Item"]]
    arguments: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """What was read. `data` travels beside the value: pickling it would copy each segment once more."""

    value: Any
    data: bytes | None = None


@dataclass(frozen=True, slots=True)
class Header:
    """An item on its way; its data follows as bytes."""

    value: Any
    has_data: bool


@dataclass(frozen=True, slots=True)
class Done:
    """The generator came to its end; the process is ready for another."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The source cannot be read; `passing` where another try may help."""

    code: str
    sentence: str
    passing: bool


@dataclass(frozen=True, slots=True)
class Broken:
    """The generator raised what nobody expected; for the log, not for customers."""

    trace: str
