"""What a platform's clock shows, told by when its messages arrive."""

from __future__ import annotations

from dataclasses import dataclass, field

_SPAN_MS = 300_000
# A clock that is off by more is broken, or the message is an old one.
MOST_OFF_MS = 60_000


@dataclass(slots=True)
class ServerClock:
    """Reads the server's clock off ours: the least that a message of the last minutes took, clocks' difference included.

    What was sent before `server_ms(now)` has arrived, as far as messages overtake one another by no more than a moment. Both
    clocks in milliseconds since 1970; before the first message they are taken for the same.
    """

    _since_ms: int = 0
    _least_ms: int | None = None
    _before_ms: int | None = field(default=None)

    def believed(self, sent_ms: int | None, arrived_ms: int) -> int:
        """When a message was sent: what the server says, or what its clock would show now where that cannot be."""
        if sent_ms is None or abs(arrived_ms - sent_ms) > MOST_OFF_MS:
            return self.server_ms(arrived_ms)
        self.observe(sent_ms, arrived_ms)
        return sent_ms

    def observe(self, sent_ms: int, arrived_ms: int) -> None:
        """Take a message into account."""
        if arrived_ms - self._since_ms > _SPAN_MS:
            self._since_ms, self._before_ms, self._least_ms = arrived_ms, self._least_ms, None
        took = arrived_ms - sent_ms
        self._least_ms = took if self._least_ms is None else min(self._least_ms, took)

    def server_ms(self, now_ms: int) -> int:
        """What the server's clock showed when that was sent which arrives now."""
        known = [least for least in (self._least_ms, self._before_ms) if least is not None]
        return now_ms - min(known, default=0)
