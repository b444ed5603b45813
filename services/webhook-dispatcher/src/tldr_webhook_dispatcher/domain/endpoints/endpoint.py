"""A webhook endpoint: an address that takes messages of some types."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

DISABLED_AFTER = timedelta(days=5)
"""An endpoint that failed for so long without a single success is switched off."""
LONGEST_OVERLAP = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Address:
    """An address as it is kept: `sealed`, because its path or query may hold a token, and as it may be shown.

    One that an earlier version kept in clear has no seal until the service has given it one.
    """

    sealed: str = field(repr=False)
    shown: str


@dataclass(frozen=True, slots=True)
class Headers:
    """Headers of the customer's own: `sealed` with their values, which may be tokens; `names` may be shown. Empty: none."""

    sealed: str = field(default="", repr=False)
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReplacedSecret:
    """The secret before, encrypted, and until when messages are signed with it too."""

    sealed: str = field(repr=False)
    until: datetime


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint. Without `types` it takes all; `sealed_secret` is its signing secret, encrypted.

    While it is `paused` messages are made for it and wait. What is not `enabled` was switched off here: nothing is made.
    """

    id: str
    organization: str
    address: Address
    description: str
    types: tuple[str, ...]
    enabled: bool
    sealed_secret: str = field(repr=False)
    created_at: datetime
    failing_since: datetime | None = None
    paused: bool = False
    headers: Headers = Headers()
    replaced_secret: ReplacedSecret | None = None

    def takes(self, kind: str) -> bool:
        """Whether a message of this type is made for it."""
        return self.enabled and (not self.types or kind in self.types)

    def worn_out(self, now: datetime) -> bool:
        """Whether it has failed for too long."""
        return self.failing_since is not None and now - self.failing_since >= DISABLED_AFTER

    def moved(self, address: Address) -> "Endpoint":
        """At another address, of which no failure is known."""
        return replace(self, address=address, failing_since=None)

    def switched_on(self) -> "Endpoint":
        """Again, as if it had never failed."""
        return replace(self, enabled=True, failing_since=None)

    def rotated(self, sealed: str, now: datetime, overlap: timedelta) -> "Endpoint":
        """With another secret. The one before signs too until the overlap is over; one before that no more."""
        before = ReplacedSecret(self.sealed_secret, now + overlap) if overlap else None
        return replace(self, sealed_secret=sealed, replaced_secret=before)

    def sealed_secrets(self, at: datetime) -> tuple[str, ...]:
        """Those that a message is signed with at this time, the newest first."""
        before = self.replaced_secret
        return (self.sealed_secret, *((before.sealed,) if before and at < before.until else ()))

    @property
    def changeable(self) -> tuple[object, ...]:
        """All that a customer can change: who has seen this has seen the endpoint as it is."""
        return (
            self.address.sealed or self.address.shown,
            self.headers.sealed,
            self.sealed_secret,
            self.description,
            self.types,
            self.enabled,
            self.paused,
        )
