"""Who is connected, and who publishes what: bounded in all and for each address, one publisher a stream."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tldr_contracts.ids import StreamId
from tldr_ingest.application.push.admit_publisher import Admitted

_GOING_S = 5.0


@dataclass(slots=True, eq=False)
class Publisher:
    """A connected publisher. `heard_s`: when it last sent picture or sound, by the loop's clock."""

    admitted: Admitted
    address: str
    cut_off: Callable[[], None]
    heard_s: float
    gone: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class Publishers:
    """`connections` in all, `of_one_address`; a publisher that was silent for `silent_s` may be replaced from its address."""

    connections: int = 256
    of_one_address: int = 16
    silent_s: float = 2.0
    _addresses: Counter[str] = field(default_factory=Counter)
    _by_stream: dict[StreamId, Publisher] = field(default_factory=dict)

    @property
    def all(self) -> list[Publisher]:
        """Those that publish."""
        return list(self._by_stream.values())

    @contextmanager
    def connected(self, address: str) -> Iterator[bool]:
        """Whether one more connection of an address is taken; it is counted while the block lasts."""
        if self._addresses.total() >= self.connections or self._addresses[address] >= self.of_one_address:
            yield False
            return
        self._addresses[address] += 1
        try:
            yield True
        finally:
            self._addresses[address] -= 1
            if not self._addresses[address]:
                del self._addresses[address]

    async def claim(self, new: Publisher) -> bool:
        """Whether it publishes from now on; else somebody else does.

        The same encoder that connects again before its old connection was noticed to be dead replaces it, and so does the
        holder of a new key.
        """
        stream = new.admitted.stream
        known = self._by_stream.get(stream)
        if known is not None and not self._replaces(new, known):
            return False
        if known is not None:
            known.cut_off()
            async with asyncio.timeout(_GOING_S):
                await known.gone.wait()
        if stream in self._by_stream:  # another one was faster
            return False
        self._by_stream[stream] = new
        return True

    def release(self, publisher: Publisher) -> None:
        """It publishes no more."""
        if self._by_stream.get(publisher.admitted.stream) is publisher:
            del self._by_stream[publisher.admitted.stream]
        publisher.gone.set()

    def _replaces(self, new: Publisher, known: Publisher) -> bool:
        if new.admitted.digest != known.admitted.digest:
            return True
        return new.address == known.address and new.heard_s - known.heard_s > self.silent_s
