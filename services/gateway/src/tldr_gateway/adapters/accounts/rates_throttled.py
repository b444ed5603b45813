"""Rates in Redis by throttled-py (GCRA, one script for each, the clock of Redis); in this process while Redis is away."""

import asyncio
import time
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from prometheus_client import Counter
from redis.asyncio import Redis
from redis.exceptions import RedisError
from throttled import exceptions
from throttled.asyncio import MemoryStore, RedisStore, RedisStoreBackend, Throttled, per_min

from tldr_gateway.domain.accounts.rates import Rate, Taken
from tldr_telemetry import logger

_PATIENCE_S = 1.0
_AWAY_S = 5.0
"""After Redis gave no answer it is not asked for so long: requests do not wait for what is away."""
_REMEMBERED = 50_000
_RATES = 256
_ALONE = "tldr_gateway_rates_alone", "Times a rate was counted by this instance alone, because Redis gave no answer"
_log = logger(__name__)


class _Backend(RedisStoreBackend):
    """Uses the service's own connections."""

    def __init__(self, client: Redis) -> None:
        super().__init__()
        self._client: Any = client


class _Store(RedisStore):
    def __init__(self, client: Redis) -> None:
        super().__init__()
        self._backend = _Backend(client)


class _Throttles:
    """One throttle for each rate; they share the counts, which are times."""

    def __init__(self, store: RedisStore | MemoryStore) -> None:
        self._store = store
        self._of = lru_cache(_RATES)(self._made)

    async def take(self, subject: str, rate: Rate) -> Taken:
        result = await self._of(rate).limit(subject)
        state = result.state
        return Taken(not result.limited, max(0, state.remaining), state.reset_after, state.retry_after)

    def _made(self, rate: Rate) -> Throttled:
        quota = per_min(rate.per_minute, rate.burst)
        return Throttled(using="gcra", quota=quota, store=self._store, timeout=-1)


@dataclass(slots=True)
class ThrottledRates:
    """While Redis is away, each instance counts by itself and gives its share, 1/`instances`, of every rate."""

    redis: Redis
    instances: int
    alone: Counter = field(default_factory=lambda: Counter(*_ALONE, registry=None))
    """How many times it was counted without Redis."""
    _asked_again: float = 0.0
    _shared: _Throttles = field(init=False)
    _own: _Throttles = field(init=False)

    def __post_init__(self) -> None:
        """Nothing is connected yet."""
        self._shared = _Throttles(_Store(self.redis))
        self._own = _Throttles(MemoryStore(options={"MAX_SIZE": _REMEMBERED}))

    async def take(self, subject: str, rate: Rate) -> Taken:
        """Count one more of the subject, unless it is too much."""
        if time.monotonic() >= self._asked_again:
            try:
                async with asyncio.timeout(_PATIENCE_S):
                    taken = await self._shared.take(subject, rate)
            except (exceptions.BaseThrottledError, RedisError, OSError, TimeoutError) as error:
                if not self._asked_again:
                    _log.warning("rates are counted without Redis", instances=self.instances, error=repr(error))
                self._asked_again = time.monotonic() + _AWAY_S
            else:
                if self._asked_again:
                    _log.info("rates are counted in Redis again")
                self._asked_again = 0.0
                return taken
        self.alone.inc()
        return await self._own.take(subject, rate.share(self.instances))
