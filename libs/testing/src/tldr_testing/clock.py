"""A clock for tests."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@dataclass
class FixedClock:
    """A clock that moves when it is told to."""

    time: datetime = NOW

    def now(self) -> datetime:
        """The time it was told."""
        return self.time

    def pass_by(self, **time: float) -> None:
        """Let so many `seconds`, `days`, … pass."""
        self.time += timedelta(**time)
