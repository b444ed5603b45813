"""An API key is no longer to be trusted."""

from dataclasses import dataclass

from tldr_gateway.application.accounts.caller import Caller
from tldr_gateway.application.accounts.kept_keys import KeptKeys
from tldr_gateway.application.ports import Books, Keys, Organizations
from tldr_service import Clock


@dataclass(frozen=True, slots=True)
class RevokeApiKey:
    """Revoke a key that has no more scopes than the caller's own; its secrets stop working at once."""

    organizations: Organizations
    keys: Keys
    books: Books
    clock: Clock

    async def __call__(self, caller: Caller, key: str) -> None:
        """ApiKeyNotFound, ScopeNotYours, LastKey."""
        kept, now = await KeptKeys.locked(self.organizations, self.keys, caller, key), self.clock.now()
        kept.require_a_way_in(kept.others, caller, now)
        await self.keys.revoke(key, now)
        await self.books.audit(
            actor=caller.key, action="api_key.revoked", subject=key, at=now, before=kept.one.described
        )
