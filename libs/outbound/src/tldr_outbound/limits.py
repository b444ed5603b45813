"""How long and how much: the limits every opened URL is under."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tldr_outbound.errors import DeadlineExceeded


@dataclass(frozen=True, slots=True)
class OutboundLimits:
    """Time-outs in seconds, sizes in bytes. `total_s` bounds a whole request with its redirects and body."""

    connect_s: float = 5.0
    read_s: float = 20.0
    total_s: float = 60.0
    max_redirects: int = 5
    max_bytes: int = 1 << 20


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """The same for a reader of large files, which has no bound on size and none on total time.

    A server must deliver each 64 KiB within `stall_s`: about 1 KiB/s, so that one that drips bytes ends, too.
    A dropped connection is taken up again `attempts` times in a row without progress, waiting `backoff_s`, twice
    that, and so on.
    """

    connect_s: float = 5.0
    read_s: float = 20.0
    stall_s: float = 60.0
    max_redirects: int = 5
    attempts: int = 4
    backoff_s: float = 0.25


@dataclass(slots=True)
class Deadline:
    """A point in time that a sender of single bytes cannot push away. Without a start it never passes."""

    clock: Callable[[], float] = time.monotonic
    _at: float = field(default=float("inf"), init=False)

    def start(self, seconds: float) -> None:
        """Let it pass in `seconds` from now."""
        self._at = self.clock() + seconds

    def clear(self) -> None:
        """Let it never pass."""
        self._at = float("inf")

    def cap(self, timeout: float | None) -> float | None:
        """The smaller of a time-out and what is left; raises DeadlineExceeded when nothing is left."""
        left = self._at - self.clock()
        if left <= 0:
            raise DeadlineExceeded("The server did not answer within the time allowed.")
        if left == float("inf"):
            return timeout
        return left if timeout is None else min(timeout, left)
