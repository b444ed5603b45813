"""How often this process may join a channel."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from time import monotonic

# Twitch allows 20 joins and logins in 10 s from one place.
_JOINS = 15
_SPAN_S = 10.0


class JoinLimiter:
    """At most so many turns in any span, in the order they were asked for."""

    sleep: Callable[[float], Awaitable[None]] = staticmethod(asyncio.sleep)

    def __init__(self, joins: int = _JOINS, span_s: float = _SPAN_S, clock: Callable[[], float] = monotonic) -> None:
        self._joins = joins
        self._span_s = span_s
        self._clock = clock
        self._turns: deque[float] = deque(maxlen=joins)
        self._one_at_a_time = asyncio.Lock()

    async def turn(self) -> None:
        """Wait for one."""
        async with self._one_at_a_time:
            if len(self._turns) == self._joins:
                wait_s = self._turns[0] + self._span_s - self._clock()
                if wait_s > 0:
                    await self.sleep(wait_s)
            self._turns.append(self._clock())
