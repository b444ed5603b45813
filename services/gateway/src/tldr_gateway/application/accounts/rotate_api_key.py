"""An API key gets another secret."""

from dataclasses import dataclass
from datetime import timedelta

from tldr_gateway.application.accounts.caller import Caller
from tldr_gateway.application.accounts.errors import RotationUnderWay
from tldr_gateway.application.accounts.kept_keys import KeptKeys
from tldr_gateway.application.ports import Books, Keys, Organizations
from tldr_gateway.domain.accounts.api_key import ApiKey
from tldr_service import Clock


@dataclass(frozen=True, slots=True)
class RotateApiKey:
    """Make another secret for a key that may do no more than the caller's own; the one before opens for the grace.

    A secret holds for as long as was promised: while one still does, a further rotation needs no grace at all, and ends both.
    """

    organizations: Organizations
    keys: Keys
    books: Books
    clock: Clock

    async def __call__(self, caller: Caller, key: str, grace: timedelta) -> tuple[ApiKey, str]:
        """The key, and its new secret, which is shown this once.

        ApiKeyNotFound, ScopeNotYours, ExpiryNotYours, NetworksNotYours, RotationUnderWay.
        """
        kept, now = await KeptKeys.locked(self.organizations, self.keys, caller, key), self.clock.now()
        caller.require_no_more_in(kept.one)
        before = kept.one.replaced
        if grace and before is not None and now < before.until:
            raise RotationUnderWay(before.until)
        rotated, secret = kept.one.rotated(now, grace)
        await self.keys.save(rotated)
        await self.books.audit(
            actor=caller.key,
            action="api_key.rotated",
            subject=key,
            at=now,
            before=kept.one.described,
            after=rotated.described,
        )
        return rotated, secret
