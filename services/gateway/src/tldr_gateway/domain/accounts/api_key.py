"""API keys: shown once, kept as a digest, found by their prefix.

A key carries 256 random bits, so a fast digest is as hard to invert as a slow one; slow digests are for passwords.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tldr_gateway.domain.accounts.networks import Address, Network, contains, within
from tldr_gateway.domain.accounts.scopes import Scope, allows, beyond
from tldr_gateway.domain.audit.event import Details

# `sk_` is part of the prefix; keys of before have none.
_FORM = re.compile(r"tldr_(?P<prefix>(?:sk_)?[0-9a-f]{16})_(?P<secret>[A-Za-z0-9_-]{43})")

LONGEST_LIFE = timedelta(days=3650)
"""A key without an end is made without `expires_at`, not with one in a distant century."""
LONGEST_GRACE = timedelta(days=7)
USED_EVERY = timedelta(minutes=1)
"""How exactly it is known when a key was last used."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """The secret that a key had before, and until when it still opens."""

    prefix: str
    digest: bytes
    until: datetime


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as it is kept. Without `networks` it may be used from everywhere."""

    id: str
    organization: str
    name: str
    prefix: str
    digest: bytes
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    networks: tuple[Network, ...] = ()
    created_by: str | None = None
    last_used_at: datetime | None = None
    replaced: Replaced | None = None

    @property
    def described(self) -> Details:
        """What the audit log tells of it."""
        return {
            "name": self.name,
            "preview": preview_of(self.prefix),
            "scopes": sorted(self.scopes),
            "allowed_cidrs": [str(network) for network in self.networks],
            "expires_at": None if self.expires_at is None else self.expires_at.isoformat(),
        }

    def usable(self, now: datetime) -> bool:
        """Whether it was neither revoked nor has run out."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)

    def usable_from(self, address: Address | None) -> bool:
        """Whether it may be used from there."""
        return not self.networks or contains(self.networks, address)

    def makes_keys(self, now: datetime) -> bool:
        """Whether further keys can be made with it."""
        return allows(self.scopes, Scope.API_KEYS_WRITE) and self.usable(now)

    def stands_in_for(self, other: "ApiKey", now: datetime, address: Address | None) -> bool:
        """Whether whatever keys the other one makes can be made with this one, and for as long.

        And from where the other one may be used, or at least from the address of who asks now.
        """
        lasts = self.expires_at is None or (other.expires_at is not None and self.expires_at >= other.expires_at)
        reached = within(other.networks, self.networks) or self.usable_from(address)
        return self.makes_keys(now) and not beyond(other.scopes, self.scopes) and lasts and reached

    def matches(self, presented: str, now: datetime) -> bool:
        """Whether the presented key is this one, compared in constant time."""
        digest = digest_of(presented)
        before = self.replaced is not None and now < self.replaced.until
        return hmac.compare_digest(self.digest, digest) or (
            before and self.replaced is not None and hmac.compare_digest(self.replaced.digest, digest)
        )

    def used_lately(self, now: datetime) -> bool:
        """Whether its last use is known well enough."""
        return self.last_used_at is not None and now < self.last_used_at + USED_EVERY

    def rotated(self, now: datetime, grace: timedelta) -> tuple["ApiKey", str]:
        """The key with a new secret, and that secret; the one before opens for the grace."""
        secret, prefix = new_secret()
        before = Replaced(self.prefix, self.digest, now + grace) if grace else None
        return replace(self, prefix=prefix, digest=digest_of(secret), replaced=before), secret


def new_secret() -> tuple[str, str]:
    """A fresh key and its prefix."""
    prefix = f"sk_{secrets.token_hex(8)}"
    return f"tldr_{prefix}_{secrets.token_urlsafe(32)}", prefix


def digest_of(key: str) -> bytes:
    """What is kept of a key."""
    return hashlib.sha256(key.encode()).digest()


def prefix_of(presented: str) -> str | None:
    """The prefix of a key, or None where it is not of a key's form."""
    found = _FORM.fullmatch(presented)
    return found["prefix"] if found else None


def preview_of(prefix: str) -> str:
    """A key as it is shown once its secret is gone."""
    return f"tldr_{prefix}_…"
