"""A session goes on with another refresh token, or ends."""

from dataclasses import dataclass

from tldr_gateway.application.members.ports import Members
from tldr_gateway.application.ports import Books
from tldr_gateway.application.sessions.log_in import LoggedIn
from tldr_gateway.application.sessions.ports import Sessions
from tldr_gateway.domain.sessions.session import MOST_REFRESHES, digest_of, new_refresh_token
from tldr_service import Clock


@dataclass(frozen=True, slots=True)
class RefreshSession:
    """A refresh token is good once. One that is used again was copied: the session ends, for whoever holds its newest too."""

    members: Members
    sessions: Sessions
    books: Books
    clock: Clock

    async def __call__(self, session: str, used: bytes) -> LoggedIn | None:
        """The session with its next token; None where it has ended, which is to be committed all the same."""
        found, now = await self.sessions.lock(session), self.clock.now()
        member = await self.members.get(found.member) if found else None
        if found is None or member is None or not found.live(now):
            return None
        following = new_refresh_token()
        if not await self.sessions.rotated(session, used, digest_of(following), now):
            await self.sessions.end(session, now)
            await self.books.audit(actor=member.id, action="session.token_reused", subject=session, at=now)
            return None
        if found.refreshes >= MOST_REFRESHES:
            await self.sessions.end(session, now)
            return None
        return LoggedIn(found, member, following)


@dataclass(frozen=True, slots=True)
class LogOut:
    """End a session."""

    sessions: Sessions
    books: Books
    clock: Clock

    async def __call__(self, session: str) -> None:
        """Nothing where it has ended."""
        found, now = await self.sessions.lock(session), self.clock.now()
        if found is None or not found.live(now):
            return
        await self.sessions.end(session, now)
        await self.books.audit(actor=found.member, action="session.ended", subject=session, at=now)
