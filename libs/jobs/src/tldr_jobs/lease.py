"""What leasing reads and writes: leases asked for, leases given, and how they end."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Room:
    """How many more jobs of a kind could be run here, and for how long each would be leased. `most`: of one organization."""

    kind: str
    free: int
    lease: timedelta
    most: int


@dataclass(frozen=True, slots=True)
class Lease:
    """A job's row as it was when leased."""

    id: int
    kind: str
    organization: str
    subject: str
    key: str | None
    payload: Mapping[str, Any]
    priority: int
    attempt: int
    token: int
    exhausted: bool
    """All that is left to do is to say that it failed, with `code` and `reason`."""
    code: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Settlement:
    """How a lease ends, unless it was lost before."""

    lease: Lease
    state: Literal["done", "waiting"]
    delay: timedelta = timedelta()
    counted: bool = True
    """Whether the attempt counts; it does not when the database or a shutdown ended it."""
    exhausted: bool = False
    code: str | None = None
    reason: str | None = None
