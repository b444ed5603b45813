"""The key of a pushed stream: what a publisher calls what it publishes is all that lets it in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from urllib.parse import parse_qs

_LONGEST_NAME = 256


@dataclass(frozen=True, slots=True)
class PublishingName:
    """What a publisher gave as the stream's name, taken apart; neither part is ever logged.

    `place`: the name up to a question mark. `key`: that of the query where it has one (`NAME?key=KEY`), else the name itself.
    """

    place: str = field(repr=False)
    key: str = field(repr=False)

    @classmethod
    def of(cls, given: str) -> PublishingName | None:
        """None for what can be no name."""
        if len(given) > _LONGEST_NAME:
            return None
        place, _, query = given.partition("?")
        keys = parse_qs(query).get("key", []) if query else []
        key = keys[0] if keys else place
        return cls(place, key) if place and key else None

    @property
    def digest(self) -> bytes:
        """The SHA-256 of the key, by which it is found."""
        return hashlib.sha256(self.key.encode(errors="surrogatepass")).digest()

    def names(self, stream: str) -> bool:
        """Whether the place says nothing against a stream: it is the key itself, or the stream's name."""
        return self.place in (self.key, stream)
