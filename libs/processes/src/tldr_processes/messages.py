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
    """What is done once before workers are forked, and what each of them may write to."""

    prepare: Callable[[], None]
    memory_bytes: int | None


@dataclass(frozen=True, slots=True)
class Fork:
    """Asks for a worker; the descriptor that it serves follows."""


@dataclass(frozen=True, slots=True)
class Reap:
    """Asks how a worker ended; it has."""

    pid: int


@dataclass(frozen=True, slots=True)
class Call:
    """A function to be run: one that returns, one that is given a function to report with, or a generator of items."""

    work: Callable[..., Any]
    arguments: tuple[Any, ...]
    reports: bool = False
    streams: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """An item on its way; its data follows as bytes."""

    value: Any
    has_data: bool


@dataclass(frozen=True, slots=True)
class Returned:
    """What was asked for is done."""

    value: Any


@dataclass(frozen=True, slots=True)
class Raised:
    """What was asked for raised."""

    error: Exception
