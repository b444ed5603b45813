"""Somebody logs in."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tldr_contracts.ids import new_id
from tldr_gateway.application.members.limits import LOGINS_FROM_ADDRESS, LOGINS_OF_ACCOUNT, Tries
from tldr_gateway.application.members.ports import Members, Passwords, People
from tldr_gateway.application.ports import Books
from tldr_gateway.application.sessions.errors import InvalidCredentials
from tldr_gateway.application.sessions.ports import Refusals, Sessions
from tldr_gateway.domain.accounts.networks import Address
from tldr_gateway.domain.members.member import Member, folded
from tldr_gateway.domain.sessions.session import (
    COOKIE_LIFETIME,
    LIFETIME,
    MOST_SESSIONS,
    Session,
    digest_of,
    new_refresh_token,
)
from tldr_service import Clock


@dataclass(frozen=True, slots=True)
class CheckPassword:
    """Find out who it is. Each try counts, for the account and for the address it comes from, before anything is compared."""

    people: People
    passwords: Passwords
    tries: Tries
    refusals: Refusals

    async def __call__(self, email: str, password: str, address: Address | None) -> Member:
        """The member; InvalidCredentials, TooManyAttempts, TooBusy. Takes as long when nobody has the address."""
        email = folded(email)
        await self.tries.from_address(LOGINS_FROM_ADDRESS, address)
        await self.tries.of_account(LOGINS_OF_ACCOUNT, email)
        member = await self.people.by_email(email)
        if not await self.passwords.matches(member.password if member else None, password) or member is None:
            await self.refusals.refused(email, None if address is None else str(address))
            raise InvalidCredentials
        await self.tries.succeeded(LOGINS_OF_ACCOUNT, email)
        return member


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """A session, who it lets in, and its refresh token, which is shown this once."""

    session: Session
    member: Member
    refresh_token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class StartSession:
    """Begin a session for a member whose password was right."""

    members: Members
    sessions: Sessions
    books: Books
    clock: Clock

    async def __call__(self, checked: Member) -> LoggedIn:
        """InvalidCredentials when the member is gone meanwhile, or has another password."""
        member, session = await self._prepare(checked, LIFETIME)
        token = new_refresh_token()
        await self.sessions.add(session, refresh_digest=digest_of(token))
        return LoggedIn(session, member, token)

    async def of_browser(self, checked: Member, cookie_digest: bytes) -> Session:
        """The same with a cookie; InvalidCredentials."""
        _, session = await self._prepare(checked, COOKIE_LIFETIME)
        await self.sessions.add(session, cookie_digest=cookie_digest)
        return session

    async def _prepare(self, checked: Member, lifetime: timedelta) -> tuple[Member, Session]:
        member, now = await self.members.get(checked.id), self.clock.now()
        if member is None or member.password != checked.password:
            raise InvalidCredentials
        await self._make_room(member, now)
        session = Session(new_id("ses"), member.organization, member.id, now, now + lifetime)
        await self.books.audit(actor=member.id, action="session.started", subject=session.id, at=now)
        return member, session

    async def _make_room(self, member: Member, now: datetime) -> None:
        live = await self.sessions.live_of(member.id, now)
        for oldest in live[: len(live) - MOST_SESSIONS + 1]:
            await self.sessions.end(oldest.id, now)
