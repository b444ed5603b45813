"""Access tokens as JSON Web Tokens (RFC 7519), signed with a key for this purpose alone."""

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import datetime

import jwt
from jwt.types import Options

from tldr_contracts.ids import OrganizationId
from tldr_gateway.application.sessions.ports import Place
from tldr_gateway.domain.sessions.session import Session

_PURPOSE = b"tldr access tokens, version 1"
_ALGORITHM, _ISSUER, _AUDIENCE = "HS256", "tldr-gateway", "tldr-api"
_NEEDED = ["iss", "aud", "sub", "org", "sid", "iat", "exp"]


@dataclass(frozen=True, slots=True)
class JwtAccessTokens:
    """Signs with the first key, and takes what any of them signed."""

    keys: tuple[bytes, ...] = field(repr=False)

    @classmethod
    def of(cls, secrets: str) -> "JwtAccessTokens":
        """Keys for this purpose, out of secrets that are separated by commas."""
        return cls(tuple(hmac.digest(one.strip().encode(), _PURPOSE, hashlib.sha256) for one in secrets.split(",")))

    def sign(self, session: Session, expires_at: datetime) -> str:
        """A token that names the session."""
        claims = {
            "iss": _ISSUER,
            "aud": _AUDIENCE,
            "sub": session.member,
            "org": session.organization,
            "sid": session.id,
            "iat": int(session.created_at.timestamp()),
            "exp": int(expires_at.timestamp()),
        }
        return jwt.encode(claims, self.keys[0], algorithm=_ALGORITHM)

    def read(self, token: str, now: datetime) -> Place | None:
        """What it names; None where it is not ours or is over."""
        # By our clock, not by the library's.
        options: Options = {"require": _NEEDED, "verify_exp": False, "verify_iat": False}
        for key in self.keys:
            try:
                claims = jwt.decode(
                    token, key, algorithms=[_ALGORITHM], audience=_AUDIENCE, issuer=_ISSUER, options=options
                )
            except jwt.InvalidTokenError:
                continue
            over = not isinstance(claims["exp"], int) or claims["exp"] <= now.timestamp()
            return None if over else Place(OrganizationId(str(claims["org"])), str(claims["sid"]))
        return None
