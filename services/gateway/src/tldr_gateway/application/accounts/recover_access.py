"""An organization that lost its keys gets a new one, by the hand of whoever runs the mesh."""

from dataclasses import dataclass

from tldr_contracts.ids import OrganizationId, new_id
from tldr_gateway.application.ports import Books, Keys
from tldr_gateway.domain.accounts.api_key import ApiKey, digest_of, new_secret
from tldr_gateway.domain.accounts.scopes import ALL_SCOPES
from tldr_service import Clock


@dataclass(frozen=True, slots=True)
class RecoverAccess:
    """Make a key that may do everything; no caller stands behind it, so it is not reachable over HTTP."""

    keys: Keys
    books: Books
    clock: Clock

    async def __call__(self, organization: OrganizationId, *, revoke_others: bool) -> tuple[ApiKey, str]:
        """The key, and its secret, which is shown this once. The audit log says that an operator did it."""
        now = self.clock.now()
        if revoke_others:
            for other in await self.keys.all():
                await self.keys.revoke(other.id, now)
                await self.books.audit(
                    actor="operator", action="api_key.revoked", subject=other.id, at=now, before=other.described
                )
        secret, prefix = new_secret()
        key = ApiKey(new_id("key"), organization, "recovered", prefix, digest_of(secret), ALL_SCOPES, now)
        await self.keys.add(key)
        await self.books.audit(actor="operator", action="access.recovered", subject=key.id, at=now, after=key.described)
        return key, secret
