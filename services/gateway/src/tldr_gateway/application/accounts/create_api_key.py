"""A further API key."""

from dataclasses import dataclass
from datetime import datetime

from tldr_contracts.ids import new_id
from tldr_gateway.application.accounts.caller import Caller
from tldr_gateway.application.accounts.errors import ExpiryNotPossible, TooManyKeys
from tldr_gateway.application.ports import Books, Keys, Organizations
from tldr_gateway.domain.accounts.api_key import LONGEST_LIFE, ApiKey, digest_of, new_secret
from tldr_gateway.domain.accounts.networks import Network
from tldr_gateway.domain.accounts.scopes import Scope
from tldr_service import Clock


@dataclass(frozen=True, slots=True)
class CreateApiKey:
    """Make a key that may do no more than the caller's own, for no longer and from nowhere else."""

    organizations: Organizations
    keys: Keys
    books: Books
    clock: Clock

    async def __call__(
        self,
        caller: Caller,
        *,
        name: str,
        scopes: frozenset[Scope],
        expires_at: datetime | None,
        networks: tuple[Network, ...] = (),
    ) -> tuple[ApiKey, str]:
        """The key, and its secret, which is shown this once.

        ScopeNotYours, ExpiryNotYours, NetworksNotYours, ExpiryNotPossible, TooManyKeys.
        """
        now = self.clock.now()
        if expires_at is not None and not now < expires_at < now + LONGEST_LIFE:
            raise ExpiryNotPossible
        secret, prefix = new_secret()
        key = ApiKey(
            id=new_id("key"),
            organization=caller.organization,
            name=name,
            prefix=prefix,
            digest=digest_of(secret),
            scopes=scopes,
            created_at=now,
            expires_at=expires_at,
            networks=networks,
            created_by=caller.key,
        )
        caller.require_no_more_in(key)
        # So that two requests never share the last place.
        plan = (await self.organizations.lock(caller.organization)).plan
        if len(await self.keys.all()) >= plan.api_keys:
            raise TooManyKeys(plan.api_keys)
        await self.keys.add(key)
        await self.books.audit(actor=caller.key, action="api_key.created", subject=key.id, at=now, after=key.described)
        return key, secret
