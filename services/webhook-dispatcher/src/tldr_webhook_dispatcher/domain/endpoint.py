"""A webhook endpoint: an address that takes messages of some types."""

from dataclasses import dataclass
from datetime import datetime, timedelta

DISABLED_AFTER = timedelta(days=5)
"""An endpoint that failed for so long without a single success is switched off."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint. Without `types` it takes all; `sealed_secret` is its signing secret, encrypted."""

    id: str
    organization: str
    url: str
    description: str
    types: tuple[str, ...]
    enabled: bool
    sealed_secret: bytes
    created_at: datetime
    failing_since: datetime | None = None

    def takes(self, kind: str) -> bool:
        """Whether a message of this type goes here."""
        return self.enabled and (not self.types or kind in self.types)

    def worn_out(self, now: datetime) -> bool:
        """Whether it has failed for too long."""
        return self.failing_since is not None and now - self.failing_since >= DISABLED_AFTER
