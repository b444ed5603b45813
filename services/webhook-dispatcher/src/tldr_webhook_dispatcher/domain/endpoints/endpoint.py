"""A webhook endpoint: an address that takes messages of some types."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

DISABLED_AFTER = timedelta(days=5)
"""An endpoint that failed for so long without a single success is switched off."""


@dataclass(frozen=True, slots=True)
class Address:
    """An address as it is kept: `sealed`, because its path or query may hold a token, and as it may be shown.

    One that an earlier version kept in clear has no seal until the service has given it one.
    """

    sealed: str = field(repr=False)
    shown: str


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint. Without `types` it takes all; `sealed_secret` is its signing secret, encrypted."""

    id: str
    organization: str
    address: Address
    description: str
    types: tuple[str, ...]
    enabled: bool
    sealed_secret: str = field(repr=False)
    created_at: datetime
    failing_since: datetime | None = None

    def takes(self, kind: str) -> bool:
        """Whether a message of this type goes here."""
        return self.enabled and (not self.types or kind in self.types)

    def worn_out(self, now: datetime) -> bool:
        """Whether it has failed for too long."""
        return self.failing_since is not None and now - self.failing_since >= DISABLED_AFTER
