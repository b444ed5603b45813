"""How often somebody may try: each try is counted before it is made, so that many at a time are no more than the limit."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Address, ip_network

from tldr_gateway.application.members.errors import TooManyAttempts
from tldr_gateway.application.members.ports import Attempts
from tldr_gateway.domain.accounts.networks import Address
from tldr_service import Clock


@dataclass(frozen=True, slots=True)
class Limit:
    """So many in so long a time, counted for each account or address."""

    name: str
    most: int
    window: timedelta

    def bucket(self, who: str) -> str:
        """Where it is counted; the address of a person is not readable there."""
        return f"{self.name}:{hashlib.sha256(who.encode()).hexdigest()[:32]}"


LOGINS_OF_ACCOUNT = Limit("logins of account", 10, timedelta(minutes=15))
LOGINS_FROM_ADDRESS = Limit("logins from address", 100, timedelta(minutes=15))
LETTERS_TO_ACCOUNT = Limit("letters to account", 5, timedelta(hours=1))
LETTERS_FROM_ADDRESS = Limit("letters from address", 50, timedelta(hours=1))
TOKENS_FROM_ADDRESS = Limit("tokens from address", 100, timedelta(minutes=15))


@dataclass(frozen=True, slots=True)
class Tries:
    """Counts tries."""

    attempts: Attempts
    clock: Clock

    async def of_account(self, limit: Limit, email: str) -> None:
        """One more for whoever has this address, whether anybody has or not; TooManyAttempts."""
        await self._count(limit, email)

    async def from_address(self, limit: Limit, address: Address | None) -> None:
        """One more from there; TooManyAttempts. Who has one IPv6 address has its whole /64."""
        where = str(ip_network((address, 64), strict=False)) if isinstance(address, IPv6Address) else str(address)
        await self._count(limit, where)

    async def succeeded(self, limit: Limit, email: str) -> None:
        """Whoever has the account was here: the count begins anew."""
        await self.attempts.forget(limit.bucket(email))

    async def _count(self, limit: Limit, who: str) -> None:
        until = await self.attempts.count(limit.bucket(who), limit=limit.most, window=limit.window)
        if until is not None:
            raise TooManyAttempts(until, self.clock.now())
