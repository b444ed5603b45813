"""How fast a customer may send into a stream: a bucket for each stream, in each process."""

import math
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

from tldr_gateway.application.streams.errors import TooFast

_STREAMS = 10_000
"""Buckets that are kept; the one that was used least lately goes, and is full when it comes back."""


@dataclass(slots=True)
class PushRate:
    """`per_s` may be sent all the time, `burst` at once. `now`: a clock in seconds."""

    per_s: float
    burst: float
    now: Callable[[], float] = monotonic
    _buckets: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def take(self, bucket: str, count: int) -> None:
        """Use up so much of a bucket; TooFast says how long to wait, and nothing is used up."""
        now = self.now()
        left, at = self._buckets.pop(bucket, (self.burst, now))
        left = min(self.burst, left + (now - at) * self.per_s)
        self._buckets[bucket] = (left - count if count <= left else left, now)
        if len(self._buckets) > _STREAMS:
            self._buckets.popitem(last=False)
        if count > left:
            raise TooFast(math.ceil((count - left) / self.per_s))
