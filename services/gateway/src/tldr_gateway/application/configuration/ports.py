"""What the use cases about configurations need, in the words of the domain."""

from collections.abc import Sequence
from typing import Protocol

from tldr_gateway.domain.configuration.configured import Configured, Head, Kind


class Heads(Protocol):
    """What there is, for who tells of it."""

    async def heads(self) -> Sequence[Head]:
        """All there are, in order of their ids."""


class Configurations(Heads, Protocol):
    """What one organization configured. Presets are not among it."""

    async def add(self, configured: Configured) -> None:
        """Keep a first version."""

    async def get(self, kind: Kind, id: str) -> Configured | None:
        """One of them as it is now."""

    async def lock(self, kind: Kind, id: str) -> Configured | None:
        """The same, locked until the transaction ends."""

    async def save(self, configured: Configured) -> None:
        """Keep a further version, the present one from now on."""

    async def delete(self, kind: Kind, id: str) -> bool:
        """Delete one with all its versions; whether there was one."""

    async def page(self, kind: Kind, *, before: str | None, limit: int) -> Sequence[Configured]:
        """Newest first, those before an id."""

    async def versions(self, kind: Kind, id: str, *, before: int | None, limit: int) -> Sequence[Configured]:
        """The versions of one, newest first, those before a number."""

    async def version(self, kind: Kind, id: str, version: int) -> Configured | None:
        """One version of one."""
