"""How long to wait before a live source is tried again. Pure."""

from __future__ import annotations

from dataclasses import dataclass

_DELAYS_S = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0)
_ANEW_S = 5.0
_OFTEN_ANEW_S = 30.0
_OFTEN = 5


@dataclass(slots=True)
class Patience:
    """Counts what goes wrong since the source last gave something."""

    failures: int = 0
    expiries: int = 0

    def after_failure_s(self) -> float:
        """The pause behind another failure: longer each time."""
        self.failures += 1
        return _DELAYS_S[min(self.failures, len(_DELAYS_S)) - 1]

    def after_expiry_s(self, since_s: float) -> float:
        """The pause before an address is found out anew, `since_s` after it was the last time: then at most every 5 s, after
        five times in vain every 30 s.
        """
        self.expiries += 1
        return max(0.0, (_ANEW_S if self.expiries <= _OFTEN else _OFTEN_ANEW_S) - since_s)

    def heard(self) -> None:
        """The source gave something."""
        self.failures = self.expiries = 0
