"""Who presents an access token, or a key: a caller is either."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tldr_gateway.application.accounts.caller import Caller
from tldr_gateway.application.sessions.errors import SessionEnded
from tldr_gateway.application.sessions.ports import AccessTokens, Place, SessionLookup
from tldr_gateway.domain.accounts.api_key import prefix_of
from tldr_gateway.domain.accounts.networks import Address
from tldr_service import Clock

AuthenticateKey = Callable[[str, Address | None], Awaitable[Caller]]
_DOTS = 2
"""Of a signed token (RFC 7515); a key has none."""


@dataclass(frozen=True, slots=True)
class AuthenticateMember:
    """Looks the session up each time: who was logged out, removed or given another role is so at once."""

    tokens: AccessTokens
    lookup: SessionLookup
    clock: Clock

    async def __call__(self, token: str, address: Address | None) -> Caller:
        """The caller; SessionEnded."""
        place = self.tokens.read(token, self.clock.now())
        if place is None:
            raise SessionEnded
        return await self.within(place, address)

    async def within(self, place: Place, address: Address | None) -> Caller:
        """Who a session lets in; SessionEnded."""
        member = await self.lookup.member_in(place, self.clock.now())
        if member is None:
            raise SessionEnded
        return Caller(member.organization, member.id, member.role.scopes, address=address)


@dataclass(frozen=True, slots=True)
class AuthenticateBearer:
    """By its form a credential is a key or an access token."""

    key: AuthenticateKey
    member: AuthenticateMember

    async def __call__(self, presented: str, address: Address | None) -> Caller:
        """The caller; InvalidApiKey, AddressNotAllowed, SessionEnded."""
        signed = presented.count(".") == _DOTS and prefix_of(presented) is None
        return await (self.member if signed else self.key)(presented, address)
