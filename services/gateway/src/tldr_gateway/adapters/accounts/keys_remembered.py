"""API keys that were looked up a moment ago."""

import time
from dataclasses import dataclass, field

from tldr_gateway.adapters.accounts.remembered import Remembered
from tldr_gateway.application.ports import KeyLookup
from tldr_gateway.domain.accounts.api_key import ApiKey

GOOD_FOR_S = 0.5
"""A key that was revoked anywhere opens nothing after so long, whatever else is away."""
_MOST = 2_000
_CHANGING_S = 5.0
"""Longer than the transaction of a change takes; until then its key is looked up at each request."""


def _remembered() -> Remembered[ApiKey | None]:
    return Remembered(GOOD_FOR_S, _MOST)


@dataclass(frozen=True, slots=True)
class RememberedKeys:
    """Keys as they were at most `GOOD_FOR_S` ago, and as they are where this process changed them."""

    lookup: KeyLookup
    _known: Remembered[ApiKey | None] = field(default_factory=_remembered)
    _changed: dict[str, float] = field(default_factory=dict)

    async def by_prefix(self, prefix: str) -> ApiKey | None:
        """The key that has this prefix, or had it before its secret was replaced."""
        key = await self._known.answer(prefix, lambda: self.lookup.by_prefix(prefix))
        if key is not None and self._changed and self._changed.get(key.id, 0.0) > time.monotonic():
            return await self.lookup.by_prefix(prefix)
        return key

    def changed(self, key: str) -> None:
        """A transaction of this process changes the key: who asks here after its end sees what it did."""
        if len(self._changed) >= _MOST:
            self._changed.clear()
        self._changed[key] = time.monotonic() + _CHANGING_S
