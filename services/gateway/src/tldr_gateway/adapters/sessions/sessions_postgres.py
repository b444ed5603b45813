"""Sessions and their refresh tokens in PostgreSQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tldr_contracts.ids import OrganizationId
from tldr_database import Database, Transaction
from tldr_gateway.adapters.members.members_postgres import member_of
from tldr_gateway.adapters.tables import refresh_tokens, sessions, users
from tldr_gateway.application.sessions.ports import Place
from tldr_gateway.domain.members.member import Member
from tldr_gateway.domain.sessions.session import Session


@dataclass(frozen=True, slots=True)
class PostgresSessions:
    """The sessions of the organization that the transaction is bound to."""

    transaction: Transaction
    organization: str

    async def add(
        self, session: Session, *, refresh_digest: bytes | None = None, cookie_digest: bytes | None = None
    ) -> None:
        """Keep one, with its first refresh token or with a cookie."""
        await self.transaction.execute(
            sa.insert(sessions).values(
                session_id=session.id,
                organization_id=session.organization,
                user_id=session.member,
                cookie_digest=cookie_digest,
                created_at=session.created_at,
                expires_at=session.expires_at,
            )
        )
        if refresh_digest is not None:
            await self._follow(session.id, refresh_digest, session.created_at)

    async def lock(self, session: str) -> Session | None:
        """One of them, locked."""
        query = sa.select(sessions).where(sessions.c.session_id == session).with_for_update()
        row = (await self.transaction.execute(query)).one_or_none()
        return _session(row) if row else None

    async def live_of(self, member: str, now: datetime) -> Sequence[Session]:
        """Those that let a member in, oldest first."""
        live = (sessions.c.user_id == member) & sessions.c.ended_at.is_(None) & (sessions.c.expires_at > now)
        rows = await self.transaction.execute(sa.select(sessions).where(live).order_by(sessions.c.session_id))
        return [_session(row) for row in rows]

    async def rotated(self, session: str, used: bytes, following: bytes, at: datetime) -> bool:
        """The refresh token was used, and another one follows."""
        fresh = (refresh_tokens.c.digest == used) & (refresh_tokens.c.session_id == session)
        using = sa.update(refresh_tokens).where(fresh, refresh_tokens.c.used_at.is_(None)).values(used_at=at)
        if not (await self.transaction.execute(using)).rowcount:
            return False
        await self._follow(session, following, at)
        counted = sa.update(sessions).where(sessions.c.session_id == session)
        await self.transaction.execute(counted.values(refreshes=sessions.c.refreshes + 1))
        return True

    async def end(self, session: str, at: datetime) -> None:
        """It lets nobody in any more."""
        await self._end(sessions.c.session_id == session, at)

    async def end_all_of(self, member: str, at: datetime) -> None:
        """None of a member's does."""
        await self._end(sessions.c.user_id == member, at)

    async def _end(self, which: sa.ColumnElement[bool], at: datetime) -> None:
        await self.transaction.execute(
            sa.update(sessions).where(which, sessions.c.ended_at.is_(None)).values(ended_at=at)
        )

    async def _follow(self, session: str, digest: bytes, at: datetime) -> None:
        await self.transaction.execute(
            sa.insert(refresh_tokens).values(
                digest=digest, organization_id=self.organization, session_id=session, created_at=at
            )
        )


@dataclass(frozen=True, slots=True)
class PostgresSessionLookup:
    """Looks sessions up; those of a refresh token under the system role, because it names no organization."""

    database: Database

    async def by_refresh_token(self, digest: bytes) -> Place | None:
        """The session that this refresh token is or was of."""
        query = sa.select(refresh_tokens).where(refresh_tokens.c.digest == digest)
        async with self.database.system() as transaction:
            row = (await transaction.execute(query)).one_or_none()
        return Place(OrganizationId(row.organization_id), row.session_id) if row else None

    async def by_cookie(self, digest: bytes) -> Place | None:
        """The session of a browser with this cookie."""
        query = sa.select(sessions).where(sessions.c.cookie_digest == digest)
        async with self.database.system() as transaction:
            row = (await transaction.execute(query)).one_or_none()
        return Place(OrganizationId(row.organization_id), row.session_id) if row else None

    async def member_in(self, place: Place, now: datetime) -> Member | None:
        """Who is let in by a session."""
        query = (
            sa.select(users)
            .join(sessions, sessions.c.user_id == users.c.user_id)
            .where(sessions.c.session_id == place.session, sessions.c.ended_at.is_(None), sessions.c.expires_at > now)
        )
        async with self.database.tenant(place.organization) as transaction:
            row = (await transaction.execute(query)).one_or_none()
        return member_of(row) if row else None


def _session(row: Any) -> Session:
    return Session(
        id=row.session_id,
        organization=OrganizationId(row.organization_id),
        member=row.user_id,
        created_at=row.created_at,
        expires_at=row.expires_at,
        ended_at=row.ended_at,
        refreshes=row.refreshes,
    )
