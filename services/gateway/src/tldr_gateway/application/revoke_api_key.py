"""An API key is no longer to be trusted."""

from dataclasses import dataclass

from tldr_gateway.application.caller import Caller
from tldr_gateway.application.ports import Books, Keys
from tldr_service import Clock


@dataclass(frozen=True, slots=True)
class RevokeApiKey:
    """Revoke a key; it stops working at once."""

    keys: Keys
    books: Books
    clock: Clock

    async def __call__(self, caller: Caller, key: str) -> bool:
        """Whether there was such a key."""
        now = self.clock.now()
        revoked = await self.keys.revoke(key, now)
        if revoked:
            await self.books.audit(actor=caller.key, action="api_key.revoked", subject=key, at=now)
        return revoked
