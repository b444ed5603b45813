"""A further API key."""

from dataclasses import dataclass
from datetime import datetime

from tldr_contracts.ids import new_id
from tldr_gateway.application.accounts.caller import Caller
from tldr_gateway.application.accounts.errors import ExpiryNotPossible, ScopeNotYours, TooManyKeys
from tldr_gateway.application.ports import Books, Keys, Organizations
from tldr_gateway.domain.accounts.api_key import LONGEST_LIFE, MAX_KEYS, ApiKey, Scope, digest_of, new_secret
from tldr_service import Clock


@dataclass(frozen=True, slots=True)
class CreateApiKey:
    """Make a key with no more scopes than the caller's own has."""

    organizations: Organizations
    keys: Keys
    books: Books
    clock: Clock

    async def __call__(
        self, caller: Caller, *, name: str, scopes: frozenset[Scope], expires_at: datetime | None
    ) -> tuple[ApiKey, str]:
        """The key, and its secret, which is shown this once. ScopeNotYours, ExpiryNotPossible, TooManyKeys."""
        if not scopes <= caller.scopes:
            raise ScopeNotYours(", ".join(sorted(scopes - caller.scopes)))
        now = self.clock.now()
        if expires_at is not None and not now < expires_at < now + LONGEST_LIFE:
            raise ExpiryNotPossible
        # So that two requests never share the last place.
        await self.organizations.lock(caller.organization)
        if len(await self.keys.all()) >= MAX_KEYS:
            raise TooManyKeys(MAX_KEYS)
        secret, prefix = new_secret()
        key = ApiKey(new_id("key"), caller.organization, name, prefix, digest_of(secret), scopes, now, expires_at)
        await self.keys.add(key)
        await self.books.audit(actor=caller.key, action="api_key.created", subject=key.id, at=now)
        return key, secret
