"""When a message that was not taken is tried again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

DELAYS_S = (5, 30, 120, 600, 1800, 7200, 18_000, 36_000, 50_400, 72_000)
"""Waits after a failed attempt; eleven attempts over about two and a half days, as Standard Webhooks 1.0 advises."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """The waits after the first, second, … failed attempt, in seconds. One attempt more than there are waits."""

    delays_s: Sequence[float] = DELAYS_S

    def delay_after(self, attempts: int) -> timedelta | None:
        """How long to wait after the failed attempt of this number, from 1; None when it was the last."""
        return timedelta(seconds=self.delays_s[attempts - 1]) if attempts <= len(self.delays_s) else None
