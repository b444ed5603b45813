"""Where one track has packets, in stream time and in the order in which they are shown or heard."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from statistics import median_low

LIMIT_MS = 500
"""Nothing for longer than this may be a hole; what is shorter is jitter, or silence that was not sent."""
_REMEMBERED = 100
_RATED = 8


@dataclass(frozen=True, slots=True)
class Absence:
    """[start_ms, end_ms) without packets."""

    start_ms: int
    end_ms: int

    @property
    def length_ms(self) -> int:
        """How long it lasts."""
        return self.end_ms - self.start_ms


@dataclass(slots=True)
class Presence:
    """How far a track has come, and how far apart its packets usually are. What began before `from_ms` is known already.

    A packet lasts as long as is usual: in MP4 the one before a hole claims to last until the next.
    """

    from_ms: int = 0
    last_ms: int | None = None
    claimed_ms: int = 0
    _longest_ms: int = 0
    _distances: deque[int] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))

    @property
    def usual_ms(self) -> int:
        """The usual distance of packets; what the last one claims where nothing else is known."""
        return median_low(self._distances) if self._distances else self.claimed_ms

    @property
    def until_ms(self) -> int:
        """Up to where there are packets."""
        return 0 if self.last_ms is None else max(0, self.last_ms + self.usual_ms)

    @property
    def claimed_until_ms(self) -> int:
        """Up to where the last packet says it lasts."""
        return 0 if self.last_ms is None else max(0, self.last_ms + self.claimed_ms)

    @property
    def empty(self) -> bool:
        """Whether there was nothing at all."""
        return self.last_ms is None and not self.from_ms

    @property
    def rated(self) -> bool:
        """Whether enough packets came to say how far apart they usually are."""
        return len(self._distances) >= _RATED

    def steady(self, few_ms: int) -> bool:
        """Whether no two packets so far were farther apart; a recorder that leaves out pictures soon leaves out a few."""
        return len(self._distances) == _REMEMBERED and self._longest_ms <= few_ms

    def absence_before(self, start_ms: int) -> Absence | None:
        """What is missing before a packet that follows, where that is longer than LIMIT_MS; ask before it is taken."""
        if self.last_ms is not None and start_ms - self.last_ms <= LIMIT_MS:
            return None
        absence = Absence(self.until_ms, start_ms)
        return absence if absence.length_ms > LIMIT_MS and absence.start_ms >= self.from_ms else None

    def begins_with(self, absence: Absence) -> bool:
        """Whether there was nothing before it."""
        return self.empty and not absence.start_ms

    def take(self, start_ms: int, end_ms: int, *, behind_hole: bool = False) -> None:
        """Take the next packet. Runs for every packet."""
        last = self.last_ms
        if last is not None and start_ms > last and not behind_hole:
            distance = start_ms - last
            self._distances.append(distance)
            self._longest_ms = max(self._longest_ms, distance)
        if last is None or start_ms >= last:
            self.last_ms, self.claimed_ms = start_ms, end_ms - start_ms
