"""An API key gets another name, other scopes, other networks."""

from dataclasses import dataclass, replace

from tldr_gateway.application.accounts.caller import Caller
from tldr_gateway.application.accounts.kept_keys import KeptKeys
from tldr_gateway.application.ports import Books, Keys, Organizations
from tldr_gateway.domain.accounts.api_key import ApiKey
from tldr_gateway.domain.accounts.networks import Network, within
from tldr_gateway.domain.accounts.scopes import Scope, beyond
from tldr_service import Clock


@dataclass(frozen=True, slots=True)
class KeyChanges:
    """What is None stays as it is."""

    name: str | None = None
    scopes: frozenset[Scope] | None = None
    networks: tuple[Network, ...] | None = None

    def on(self, key: ApiKey) -> ApiKey:
        """The key with these."""
        return replace(
            key,
            name=key.name if self.name is None else self.name,
            scopes=key.scopes if self.scopes is None else self.scopes,
            networks=key.networks if self.networks is None else self.networks,
        )


@dataclass(frozen=True, slots=True)
class ChangeApiKey:
    """Change a key; what it gains, the caller has."""

    organizations: Organizations
    keys: Keys
    books: Books
    clock: Clock

    async def __call__(self, caller: Caller, key: str, changes: KeyChanges) -> ApiKey:
        """The key as it is now. ApiKeyNotFound, ScopeNotYours, ExpiryNotYours, NetworksNotYours, LastKey."""
        kept, now = await KeptKeys.locked(self.organizations, self.keys, caller, key), self.clock.now()
        changed = changes.on(kept.one)
        if changed == kept.one:
            return changed
        if beyond(changed.scopes, kept.one.scopes) or not within(changed.networks, kept.one.networks):
            caller.require_no_more_in(changed)
        kept.require_a_way_in((changed, *kept.others), caller, now)
        await self.keys.save(changed)
        await self.books.audit(
            actor=caller.key,
            action="api_key.changed",
            subject=key,
            at=now,
            before=kept.one.described,
            after=changed.described,
        )
        return changed
