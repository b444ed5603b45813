"""The keys of an organization while one of them is changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tldr_gateway.application.accounts.caller import Caller
from tldr_gateway.application.accounts.errors import ApiKeyNotFound, LastKey
from tldr_gateway.application.ports import Keys, Organizations
from tldr_gateway.domain.accounts.api_key import ApiKey


@dataclass(frozen=True, slots=True)
class KeptKeys:
    """One key, and the others, none of which changes until the transaction ends."""

    one: ApiKey
    others: tuple[ApiKey, ...]

    @classmethod
    async def locked(cls, organizations: Organizations, keys: Keys, caller: Caller, key: str) -> "KeptKeys":
        """ApiKeyNotFound; ScopeNotYours where the key may do more than the caller."""
        # So that two requests never take each other's last but one.
        await organizations.lock(caller.organization)
        kept = {found.id: found for found in await keys.all()}
        one = kept.pop(key, None)
        if one is None:
            raise ApiKeyNotFound
        caller.require_power_over(one)
        return cls(one, tuple(kept.values()))

    def require_a_way_in(self, left: Iterable[ApiKey], caller: Caller, now: datetime) -> None:
        """LastKey unless one of those that are left can make what this one can."""
        if self.one.makes_keys(now) and not any(key.stands_in_for(self.one, now, caller.address) for key in left):
            raise LastKey
