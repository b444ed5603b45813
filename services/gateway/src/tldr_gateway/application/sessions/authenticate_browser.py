"""Who comes with a cookie, which browsers send along by themselves: what changes something needs a token besides."""

import hashlib
import hmac
from dataclasses import dataclass, field

from tldr_gateway.application.accounts.caller import Caller
from tldr_gateway.application.sessions.authenticate_member import AuthenticateMember
from tldr_gateway.application.sessions.errors import CsrfTokenMissing, SessionEnded
from tldr_gateway.application.sessions.ports import Place
from tldr_gateway.domain.accounts.networks import Address
from tldr_gateway.domain.sessions.session import digest_of

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_PURPOSE = b"tldr csrf tokens, version 1"


@dataclass(frozen=True, slots=True)
class CsrfTokens:
    """One for each session, which is told in an answer that no other site can read."""

    key: bytes = field(repr=False)

    @classmethod
    def of(cls, secrets: str) -> "CsrfTokens":
        """A key for this purpose, out of the first of the secrets."""
        return cls(hmac.digest(secrets.split(",", maxsplit=1)[0].strip().encode(), _PURPOSE, hashlib.sha256))

    def token(self, session: str) -> str:
        """The token of a session."""
        return hmac.digest(self.key, session.encode(), hashlib.sha256).hex()

    def fits(self, session: str, presented: str) -> bool:
        """Whether it is that of the session, compared in constant time."""
        return hmac.compare_digest(self.token(session).encode(), presented.encode())


@dataclass(frozen=True, slots=True)
class AuthenticateBrowser:
    """Looks the session up each time."""

    member: AuthenticateMember
    csrf: CsrfTokens

    async def __call__(self, cookie: str, method: str, csrf_token: str, address: Address | None) -> Caller:
        """The caller; SessionEnded, CsrfTokenMissing."""
        place = await self.place(cookie)
        caller = await self.member.within(place, address)
        if method not in _SAFE and not self.csrf.fits(place.session, csrf_token):
            raise CsrfTokenMissing
        return caller

    async def place(self, cookie: str) -> Place:
        """Where the session of a cookie is; SessionEnded."""
        place = await self.member.lookup.by_cookie(digest_of(cookie))
        if place is None:
            raise SessionEnded
        return place
