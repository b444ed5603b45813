"""What passes between the service and a worker process."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

OUT_OF_MEMORY = 99
"""The exit status of a process that met its limit of memory; a message of that would need some."""


@dataclass(frozen=True, slots=True)
class Item:
    """What work gives while it goes on. `data` travels beside the value: pickling it would copy it once more."""

    value: Any
    data: bytes | None = None


@dataclass(frozen=True, slots=True)
class Setup:
    """What a process does before its first call."""

    prepare: Callable[[], None]
    memory_bytes: int | None


@dataclass(frozen=True, slots=True)
class Call:
    """A function to be run: one that returns, one that is given a function to tell with, or a generator of items."""

    work: Callable[..., Any]
    arguments: tuple[Any, ...]
    tells: bool = False
    streams: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """An item on its way; its data follows as bytes."""

    value: Any
    has_data: bool


@dataclass(frozen=True, slots=True)
class Returned:
    """The call is done."""

    value: Any


@dataclass(frozen=True, slots=True)
class Raised:
    """The call raised."""

    error: Exception
