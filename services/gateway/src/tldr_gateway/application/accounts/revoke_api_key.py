"""An API key is no longer to be trusted."""

from dataclasses import dataclass

from tldr_gateway.application.accounts.caller import Caller
from tldr_gateway.application.accounts.errors import LastKey, ScopeNotYours
from tldr_gateway.application.ports import Books, Keys, Organizations
from tldr_service import Clock


@dataclass(frozen=True, slots=True)
class RevokeApiKey:
    """Revoke a key that has no more scopes than the caller's own; it stops working at once."""

    organizations: Organizations
    keys: Keys
    books: Books
    clock: Clock

    async def __call__(self, caller: Caller, key: str) -> bool:
        """Whether there was such a key. ScopeNotYours; LastKey where nobody could make such keys any more, or only for a time."""
        # So that two requests never revoke each other's last but one.
        await self.organizations.lock(caller.organization)
        kept = {found.id: found for found in await self.keys.all()}
        found, now = kept.pop(key, None), self.clock.now()
        if found is None:
            return False
        if not found.scopes <= caller.scopes:
            raise ScopeNotYours(", ".join(sorted(found.scopes - caller.scopes)))
        if found.makes_keys(now) and not any(other.stands_in_for(found, now) for other in kept.values()):
            raise LastKey
        await self.keys.revoke(key, now)
        await self.books.audit(actor=caller.key, action="api_key.revoked", subject=key, at=now)
        return True
