"""Sessions: what somebody is logged in with. Its tokens are random, sent once and kept as digests."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from tldr_contracts.ids import OrganizationId

ACCESS_LIFETIME = timedelta(minutes=15)
"""Of an access token."""
LIFETIME = timedelta(days=30)
"""Of a session with refresh tokens, however often it is refreshed."""
COOKIE_LIFETIME = timedelta(hours=12)
"""Of a browser's session."""
MOST_SESSIONS = 50
"""Of one member at a time; the oldest ends when there is one more."""
MOST_REFRESHES = 5000
"""Of one session: every access token of its lifetime, and some more."""


@dataclass(frozen=True, slots=True)
class Session:
    """A session of a member. All refresh tokens that follow one login are one family, which is this."""

    id: str
    organization: OrganizationId
    member: str
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
    refreshes: int = 0

    def live(self, now: datetime) -> bool:
        """Whether it still lets anybody in."""
        return self.ended_at is None and now < self.expires_at


def new_refresh_token() -> str:
    """256 random bits."""
    return f"tldr_rt_{secrets.token_urlsafe(32)}"


def new_cookie() -> str:
    """256 random bits."""
    return f"tldr_bs_{secrets.token_urlsafe(32)}"


def digest_of(token: str) -> bytes:
    """What is kept of it."""
    return hashlib.sha256(token.encode()).digest()
