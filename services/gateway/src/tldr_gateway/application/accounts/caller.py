"""Who asks: the organization and the scopes come from the credential, never from the body."""

from dataclasses import dataclass, field
from datetime import datetime

from tldr_contracts.ids import OrganizationId
from tldr_gateway.application.accounts.errors import (
    AddressNotAllowed,
    ExpiryNotYours,
    InvalidApiKey,
    MissingScope,
    NetworksNotYours,
    ScopeNotYours,
)
from tldr_gateway.application.accounts.ports import KeyUses
from tldr_gateway.application.ports import KeyLookup
from tldr_gateway.domain.accounts.api_key import USED_EVERY, ApiKey, prefix_of
from tldr_gateway.domain.accounts.networks import Address, Network, within
from tldr_gateway.domain.accounts.scopes import Scope, allows, beyond
from tldr_service import Clock

_MOST_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Caller:
    """An authenticated caller: what its credential may do, until when, from where, and from where it asks now."""

    organization: OrganizationId
    key: str
    scopes: frozenset[Scope]
    expires_at: datetime | None = None
    networks: tuple[Network, ...] = ()
    address: Address | None = None

    def require(self, *scopes: Scope) -> None:
        """MissingScope when the credential has not all of these."""
        for scope in scopes:
            if not allows(self.scopes, scope):
                raise MissingScope(scope)

    def require_power_over(self, key: ApiKey) -> None:
        """ScopeNotYours when the key may do what the caller may not."""
        if extra := beyond(key.scopes, self.scopes):
            raise ScopeNotYours(", ".join(extra))

    def require_no_more_in(self, key: ApiKey) -> None:
        """Whoever is given this key gets no more than the caller has: ScopeNotYours, ExpiryNotYours, NetworksNotYours."""
        self.require_power_over(key)
        if self.expires_at is not None and (key.expires_at is None or key.expires_at > self.expires_at):
            raise ExpiryNotYours(self.expires_at)
        if not within(key.networks, self.networks):
            raise NetworksNotYours


@dataclass(frozen=True, slots=True)
class Authenticate:
    """Find out who presents a key. Wrong, revoked and expired keys are told apart by nobody."""

    lookup: KeyLookup
    uses: KeyUses
    clock: Clock
    _written: dict[str, datetime] = field(default_factory=dict)

    async def __call__(self, presented: str, address: Address | None) -> Caller:
        """The caller; InvalidApiKey when the key does not hold, AddressNotAllowed when it does not hold there."""
        now = self.clock.now()
        prefix = prefix_of(presented)
        key = await self.lookup.by_prefix(prefix) if prefix else None
        if key is None or not key.matches(presented, now) or not key.usable(now):
            raise InvalidApiKey
        if not key.usable_from(address):
            raise AddressNotAllowed
        if not key.used_lately(now) and self._first_to_write(key.id, now):
            await self.uses.used(key, now)
        return Caller(OrganizationId(key.organization), key.id, key.scopes, key.expires_at, key.networks, address)

    def _first_to_write(self, key: str, now: datetime) -> bool:
        """So that of many requests at a time one writes."""
        written = self._written.get(key)
        if written is not None and now < written + USED_EVERY:
            return False
        if len(self._written) >= _MOST_REMEMBERED:
            self._written.clear()
        self._written[key] = now
        return True
