"""How often something may be done."""

import math
from dataclasses import dataclass

MINUTE_S = 60


@dataclass(frozen=True, slots=True)
class Rate:
    """So many a minute, evenly spread, of which `burst` may come at once after a while without any."""

    per_minute: int
    burst: int

    def share(self, of: int) -> "Rate":
        """What one of several has of it; never nothing."""
        return Rate(max(1, self.per_minute // of), max(1, self.burst // of))


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of the wish to do it once: `left` more may follow at once; times in seconds from now."""

    allowed: bool
    left: int
    whole_in_s: float
    """When the whole burst is free again."""
    free_in_s: float
    """When the next one is free; 0 while some are left."""


def whole_seconds(seconds: float) -> int:
    """Seconds after which it is certainly so, one at least."""
    return max(1, math.ceil(seconds))
