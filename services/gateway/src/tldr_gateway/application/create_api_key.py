"""A further API key."""

from dataclasses import dataclass
from datetime import datetime

from tldr_contracts.ids import new_id
from tldr_gateway.application.caller import Caller
from tldr_gateway.application.ports import Books, Keys
from tldr_gateway.domain.api_key import ApiKey, Scope, digest_of, new_secret
from tldr_service import Clock
from tldr_web import Problem


@dataclass(frozen=True, slots=True)
class CreateApiKey:
    """Make a key with no more scopes than the caller's own has."""

    keys: Keys
    books: Books
    clock: Clock

    async def __call__(
        self, caller: Caller, *, name: str, scopes: frozenset[Scope], expires_at: datetime | None
    ) -> tuple[ApiKey, str]:
        """The key, and its secret, which is shown this once."""
        if not scopes <= caller.scopes:
            extra = ", ".join(sorted(scopes - caller.scopes))
            raise Problem(403, "scope_not_yours", f"Your key does not have the scopes {extra}, so it cannot give them.")
        now = self.clock.now()
        secret, prefix = new_secret()
        key = ApiKey(new_id("key"), caller.organization, name, prefix, digest_of(secret), scopes, now, expires_at)
        await self.keys.add(key)
        await self.books.audit(actor=caller.key, action="api_key.created", subject=key.id, at=now)
        return key, secret
