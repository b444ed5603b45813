"""How often the API may be called, and how often with a wrong credential."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import IPv6Network

from tldr_contracts.ids import OrganizationId
from tldr_gateway.application.accounts.errors import TooManyRequests, TooManyWrongKeys
from tldr_gateway.application.accounts.ports import Limits, Rates
from tldr_gateway.domain.accounts.networks import Address
from tldr_gateway.domain.accounts.rates import Rate, Taken
from tldr_service import Clock

_MOST_SHUT_OUT = 10_000
_IPV6_CUSTOMER = 64
"""Who has one IPv6 address has its whole network of so many bits."""


@dataclass(frozen=True, slots=True)
class LimitRequests:
    """Counts requests of organizations and wrong credentials of addresses, over all instances."""

    rates: Rates
    limits: Limits
    wrong_keys: Rate
    clock: Clock
    _shut_out: dict[str, datetime] = field(default_factory=dict)

    async def __call__(self, organization: OrganizationId) -> tuple[Rate, Taken]:
        """The organization's rate, and what became of the wish for one more request: see `require`."""
        rate = (await self.limits.of(organization)).requests
        return rate, await self.rates.take(f"requests:{organization}", rate)

    def require(self, rate: Rate, taken: Taken) -> None:
        """TooManyRequests when nothing was left."""
        if not taken.allowed:
            raise TooManyRequests(rate, taken, self.clock.now())

    def admit(self, address: Address | None) -> None:
        """TooManyWrongKeys for an address that sent too many wrong credentials: the next one is not looked at."""
        until, now = self._shut_out.get(_whose(address)), self.clock.now()
        if until is not None and now < until:
            raise TooManyWrongKeys(self.wrong_keys, until, now)

    async def wrong(self, address: Address | None) -> None:
        """A credential from there was wrong; TooManyWrongKeys when that was one too many."""
        whose, now = _whose(address), self.clock.now()
        taken = await self.rates.take(f"wrong-keys:{whose}", self.wrong_keys)
        if taken.allowed:
            return
        until = now + timedelta(seconds=taken.free_in_s)
        if len(self._shut_out) >= _MOST_SHUT_OUT:
            self._shut_out.clear()
        self._shut_out[whose] = until
        raise TooManyWrongKeys(self.wrong_keys, until, now)


def _whose(address: Address | None) -> str:
    if address is None:
        return "nowhere"
    return str(address) if address.version == 4 else str(IPv6Network((int(address), _IPV6_CUSTOMER), strict=False))
