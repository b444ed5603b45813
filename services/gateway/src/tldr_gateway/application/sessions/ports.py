"""What the use cases about sessions need."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tldr_contracts.ids import OrganizationId
from tldr_gateway.domain.members.member import Member
from tldr_gateway.domain.sessions.session import Session


class Sessions(Protocol):
    """The sessions of one organization."""

    async def add(
        self, session: Session, *, refresh_digest: bytes | None = None, cookie_digest: bytes | None = None
    ) -> None:
        """Keep one, with its first refresh token or with a cookie."""

    async def lock(self, session: str) -> Session | None:
        """One of them, locked until the transaction ends."""

    async def live_of(self, member: str, now: datetime) -> Sequence[Session]:
        """Those that let a member in, oldest first."""

    async def rotated(self, session: str, used: bytes, following: bytes, at: datetime) -> bool:
        """The refresh token was used, and another one follows; False, and nothing written, where it was used before."""

    async def end(self, session: str, at: datetime) -> None:
        """It lets nobody in any more."""

    async def end_all_of(self, member: str, at: datetime) -> None:
        """None of a member's does."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a session is."""

    organization: OrganizationId
    session: str


class SessionLookup(Protocol):
    """Finds sessions before it is known whose they are."""

    async def by_refresh_token(self, digest: bytes) -> Place | None:
        """The session that this refresh token is or was of."""

    async def by_cookie(self, digest: bytes) -> Place | None:
        """The session of a browser with this cookie."""

    async def member_in(self, place: Place, now: datetime) -> Member | None:
        """Who is let in by a session; None where it has ended."""


class AccessTokens(Protocol):
    """Short-lived signed tokens that name a session."""

    def sign(self, session: Session, expires_at: datetime) -> str:
        """A token."""

    def read(self, token: str, now: datetime) -> Place | None:
        """What it names; None where it is not ours or is over."""


class Refusals(Protocol):
    """Logins that were refused, to be written down once somebody looked whose account it is."""

    async def refused(self, email: str, address: str | None) -> None:
        """Nobody looks before the answer is given."""
