"""Whether somebody may publish, and which stream that is."""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from time import monotonic
from typing import Protocol

from tldr_contracts.ids import StreamId
from tldr_ingest.domain.push.attempts import WrongKeys
from tldr_ingest.domain.push.stream_key import PublishingName

_LIMIT_S = 5.0


class KeyLookup(Protocol):
    """Finds streams by their keys before the organization is known."""

    async def stream_of(self, digest: bytes) -> StreamId | None:
        """The stream that a key opens, None for a key that opens nothing."""

    async def valid(self, digests: Collection[bytes]) -> Collection[bytes]:
        """Those that open a stream now."""

    async def open_streams(self, streams: Collection[StreamId]) -> Collection[StreamId]:
        """Those that some key opens."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """A publisher of a stream, by the digest of its key."""

    stream: StreamId
    digest: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class AdmitPublisher:
    """Who knows a stream's key publishes it. Addresses that try wrong ones are not heard for a while."""

    keys: KeyLookup
    wrong: WrongKeys = field(default_factory=WrongKeys)
    now_s: Callable[[], float] = monotonic

    def hears(self, address: str) -> bool:
        """Whether the address may try a key."""
        return not self.wrong.exhausted(address, self.now_s())

    async def __call__(self, given: str, address: str, *, by_name: bool = False) -> Admitted | None:
        """None for a wrong key. `by_name`: the place must be the stream's name, with the key beside it.

        Raises TimeoutError, and what the look-up raises in trouble.
        """
        if not self.hears(address):
            return None
        name = PublishingName.of(given)
        async with asyncio.timeout(_LIMIT_S):
            stream = await self.keys.stream_of(name.digest) if name else None
        if name is None or stream is None or not name.names(stream) or (by_name and name.place != stream):
            self.wrong.count(address, name.digest if name else b"", self.now_s())
            return None
        return Admitted(stream, name.digest)
