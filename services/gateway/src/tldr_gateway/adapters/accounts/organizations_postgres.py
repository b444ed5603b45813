"""Organizations, users and the books in PostgreSQL."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from tldr_contracts.ids import OrganizationId, StreamId
from tldr_database import Transaction
from tldr_gateway.adapters.tables import audit_log, organizations, usage_ledger, users
from tldr_gateway.application.accounts.errors import EmailTaken
from tldr_gateway.domain.accounts.account import Organization, User


@dataclass(frozen=True, slots=True)
class PostgresOrganizations:
    """Organizations, as far as the transaction may see them."""

    transaction: Transaction

    async def add(self, organization: Organization, owner: User) -> None:
        """Add an organization with its owner."""
        await self.transaction.execute(
            sa.insert(organizations).values(
                organization_id=organization.id,
                name=organization.name,
                plan=organization.plan_name,
                version=organization.version,
                created_at=organization.created_at,
            )
        )
        try:
            await self.transaction.execute(
                sa.insert(users).values(
                    user_id=owner.id,
                    organization_id=owner.organization,
                    email=owner.email,
                    role=owner.role,
                    created_at=owner.created_at,
                )
            )
        except IntegrityError as error:
            raise EmailTaken from error

    async def get(self, organization: OrganizationId) -> Organization:
        """The organization."""
        return await self._one(organization, sa.select(organizations))

    async def lock(self, organization: OrganizationId) -> Organization:
        """The organization, locked; rows that refer to it can still be added."""
        return await self._one(organization, sa.select(organizations).with_for_update(key_share=True))

    async def advance(self, organization: OrganizationId) -> Organization:
        """The organization at its next version."""
        await self.transaction.execute(
            sa.update(organizations)
            .where(organizations.c.organization_id == organization)
            .values(version=organizations.c.version + 1)
        )
        return await self.get(organization)

    async def _one(self, organization: OrganizationId, query: sa.Select[Any]) -> Organization:
        found = await self.transaction.execute(query.where(organizations.c.organization_id == organization))
        row = found.one()
        return Organization(organization, row.name, row.plan, row.version, row.created_at)


@dataclass(frozen=True, slots=True)
class PostgresBooks:
    """The audit log and the usage ledger; both are only ever appended to."""

    transaction: Transaction
    organization: str

    async def audit(self, *, actor: str, action: str, subject: str, at: datetime) -> None:
        """Append to the audit log."""
        await self.transaction.execute(
            sa.insert(audit_log).values(
                organization_id=self.organization, at=at, actor=actor, action=action, subject=subject
            )
        )

    async def use(self, stream: StreamId, *, media_ms: int, at: datetime) -> None:
        """Append to the usage ledger, once for a stream."""
        new = insert(usage_ledger).values(stream_id=stream, organization_id=self.organization, at=at, media_ms=media_ms)
        await self.transaction.execute(new.on_conflict_do_nothing())
