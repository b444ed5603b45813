"""Organizations in PostgreSQL."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from tldr_contracts.ids import OrganizationId
from tldr_database import Transaction
from tldr_gateway.adapters.members.members_postgres import PostgresMembers
from tldr_gateway.adapters.tables import organizations
from tldr_gateway.domain.accounts.account import Organization
from tldr_gateway.domain.accounts.plans import kept_name, plan_named
from tldr_gateway.domain.members.member import Member

_BY_ID = sa.select(organizations).where(organizations.c.organization_id == sa.bindparam("organization"))
_LOCKED = _BY_ID.with_for_update(key_share=True)


@dataclass(frozen=True, slots=True)
class PostgresOrganizations:
    """Organizations, as far as the transaction may see them."""

    transaction: Transaction

    async def add(self, organization: Organization, owner: Member) -> None:
        """Add an organization with its owner."""
        await self.transaction.execute(
            sa.insert(organizations).values(
                organization_id=organization.id,
                name=organization.name,
                plan=kept_name(organization.plan_name),
                version=organization.version,
                created_at=organization.created_at,
            )
        )
        await PostgresMembers(self.transaction).add(owner)

    async def get(self, organization: OrganizationId) -> Organization:
        """The organization."""
        return await self._one(organization, _BY_ID)

    async def lock(self, organization: OrganizationId) -> Organization:
        """The organization, locked; rows that refer to it can still be added."""
        return await self._one(organization, _LOCKED)

    async def advance(self, organization: OrganizationId) -> Organization:
        """The organization at its next version."""
        await self.transaction.execute(
            sa.update(organizations)
            .where(organizations.c.organization_id == organization)
            .values(version=organizations.c.version + 1)
        )
        return await self.get(organization)

    async def _one(self, organization: OrganizationId, query: sa.Select[Any]) -> Organization:
        row = (await self.transaction.execute(query, {"organization": organization})).one()
        return Organization(
            organization, row.name, plan_named(row.plan).name, row.version, row.created_at, row.agreed_limits
        )
