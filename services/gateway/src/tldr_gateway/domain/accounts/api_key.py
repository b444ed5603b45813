"""API keys: shown once, kept as a digest, found by their prefix.

A key carries 256 random bits, so a fast digest is as hard to invert as a slow one; slow digests are for passwords.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

_FORM = re.compile(r"tldr_(?P<prefix>[0-9a-f]{16})_(?P<secret>[A-Za-z0-9_-]{43})")


class Scope(StrEnum):
    """What a key may be used for."""

    STREAMS_READ = "streams:read"
    STREAMS_WRITE = "streams:write"
    WEBHOOKS_READ = "webhooks:read"
    WEBHOOKS_WRITE = "webhooks:write"
    ORGANIZATION_READ = "organization:read"
    KEYS_WRITE = "keys:write"


ALL_SCOPES = frozenset(Scope)
MAX_KEYS = 100
"""Keys an organization may have at a time."""
LONGEST_LIFE = timedelta(days=3650)
"""A key without an end is made without `expires_at`, not with one in a distant century."""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as it is kept."""

    id: str
    organization: str
    name: str
    prefix: str
    digest: bytes
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None

    def usable(self, now: datetime) -> bool:
        """Whether it was neither revoked nor has run out."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)

    def makes_keys(self, now: datetime) -> bool:
        """Whether further keys can be made with it."""
        return Scope.KEYS_WRITE in self.scopes and self.usable(now)

    def stands_in_for(self, other: "ApiKey", now: datetime) -> bool:
        """Whether whatever keys the other one makes can be made with this one, and for as long."""
        lasts = self.expires_at is None or (other.expires_at is not None and self.expires_at >= other.expires_at)
        return self.makes_keys(now) and self.scopes >= other.scopes and lasts

    def matches(self, presented: str) -> bool:
        """Whether the presented key is this one, compared in constant time."""
        return hmac.compare_digest(self.digest, digest_of(presented))


def new_secret() -> tuple[str, str]:
    """A fresh key and its prefix."""
    prefix = secrets.token_hex(8)
    return f"tldr_{prefix}_{secrets.token_urlsafe(32)}", prefix


def digest_of(key: str) -> bytes:
    """What is kept of a key."""
    return hashlib.sha256(key.encode()).digest()


def prefix_of(presented: str) -> str | None:
    """The prefix of a key, or None where it is not of a key's form."""
    found = _FORM.fullmatch(presented)
    return found["prefix"] if found else None
