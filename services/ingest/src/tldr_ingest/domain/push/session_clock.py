"""When what a publisher sends happened: its timestamps, and our clock where they stand still or jump."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_WRAP: Final = 2**32
_BACK_MS: Final = 1_000
_AHEAD_MS: Final = 10_000
_LATE_MS: Final = 2_000
_LATE_FOR_MS: Final = 10_000


@dataclass(slots=True)
class SessionClock:
    """Of one publishing session. `epoch` counts the times at which its timestamps and the wall clock were joined anew.

    They are joined when the session begins. A step back of a second, or ahead by ten seconds more than has passed, is a new
    epoch; so is content that has come more than two seconds late for ten seconds: then the publisher's clock stood still, while
    a network that was slow for a moment has caught up by then.
    """

    epoch: int = 0
    _zero_ms: int | None = None
    _last_ms: int = 0
    _last_wall_ms: int = 0
    _late_since_ms: int | None = None

    def unwrapped(self, timestamp: int) -> int:
        """A timestamp modulo 2^32 (49 days) as the one that is nearest to those before."""
        if self._zero_ms is None:
            return timestamp
        return self._last_ms + (timestamp - self._last_ms + _WRAP // 2) % _WRAP - _WRAP // 2

    def starts_anew(self, timestamp_ms: int, wall_ms: int) -> bool:
        """Take what came at a time; whether a new epoch begins with it."""
        zero_ms = self._zero_ms
        if zero_ms is None:
            self._join(timestamp_ms, wall_ms)
            return False
        step = timestamp_ms - self._last_ms
        passed = max(0, wall_ms - self._last_wall_ms)
        if step < -_BACK_MS or step > _AHEAD_MS + passed or self._stood_still(wall_ms, zero_ms + timestamp_ms):
            self.epoch += 1
            self._join(timestamp_ms, wall_ms)
            return True
        self._last_ms, self._last_wall_ms = max(self._last_ms, timestamp_ms), wall_ms
        return False

    def go_on_in_a_new_epoch(self) -> None:
        """What comes is written in another way from here; its time goes on."""
        self.epoch += 1

    def wall_ms(self, timestamp_ms: int) -> int:
        """When what has this timestamp happened, in this epoch."""
        return (self._zero_ms or 0) + timestamp_ms

    def _join(self, timestamp_ms: int, wall_ms: int) -> None:
        self._zero_ms = wall_ms - timestamp_ms
        self._last_ms, self._last_wall_ms = timestamp_ms, wall_ms
        self._late_since_ms = None

    def _stood_still(self, wall_ms: int, expected_ms: int) -> bool:
        if wall_ms - expected_ms <= _LATE_MS:
            self._late_since_ms = None
        elif self._late_since_ms is None or wall_ms < self._late_since_ms:
            self._late_since_ms = wall_ms
        return self._late_since_ms is not None and wall_ms - self._late_since_ms > _LATE_FOR_MS
