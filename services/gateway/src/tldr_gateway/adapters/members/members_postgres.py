"""Members in PostgreSQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from tldr_contracts.ids import OrganizationId
from tldr_database import Database, Transaction
from tldr_gateway.adapters.members.proofs_postgres import proof_of
from tldr_gateway.adapters.tables import email_proofs, users
from tldr_gateway.application.accounts.errors import EmailTaken
from tldr_gateway.domain.members.email_proof import EmailProof
from tldr_gateway.domain.members.member import Member, Role


@dataclass(frozen=True, slots=True)
class PostgresMembers:
    """The members of the organization that the transaction is bound to."""

    transaction: Transaction

    async def add(self, member: Member) -> None:
        """Add one; EmailTaken."""
        new = sa.insert(users).values(
            user_id=member.id,
            organization_id=member.organization,
            email=member.email,
            role=member.role,
            password=member.password,
            created_at=member.created_at,
        )
        try:
            await self.transaction.execute(new)
        except IntegrityError as error:
            raise EmailTaken from error

    async def get(self, member: str) -> Member | None:
        """One of them."""
        row = (await self.transaction.execute(sa.select(users).where(users.c.user_id == member))).one_or_none()
        return member_of(row) if row else None

    async def all(self) -> Sequence[Member]:
        """All of them, in the order in which they came."""
        query = sa.select(users).order_by(users.c.user_id).limit(1000)
        return [member_of(row) for row in await self.transaction.execute(query)]

    async def save(self, member: Member) -> None:
        """Write its role and its password."""
        await self.transaction.execute(
            sa.update(users).where(users.c.user_id == member.id).values(role=member.role, password=member.password)
        )

    async def remove(self, member: str) -> None:
        """Take it out; its sessions go with it."""
        await self.transaction.execute(sa.delete(users).where(users.c.user_id == member))


@dataclass(frozen=True, slots=True)
class PostgresPeople:
    """Looks somebody up before their organization is known, hence the system role."""

    database: Database

    async def by_email(self, email: str) -> Member | None:
        """The member with this address."""
        async with self.database.system() as transaction:
            row = (await transaction.execute(sa.select(users).where(users.c.email == email))).one_or_none()
        return member_of(row) if row else None

    async def proven_by(self, token_digest: bytes) -> EmailProof | None:
        """The proof of this token."""
        query = sa.select(email_proofs).where(email_proofs.c.token_digest == token_digest)
        async with self.database.system() as transaction:
            row = (await transaction.execute(query)).one_or_none()
        return proof_of(row) if row else None


def member_of(row: Any) -> Member:
    """A member as it is kept."""
    return Member(
        row.user_id, OrganizationId(row.organization_id), row.email, Role(row.role), row.created_at, row.password
    )
