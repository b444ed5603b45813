"""Organizations, users, keys and the books in PostgreSQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from tldr_contracts.ids import OrganizationId, StreamId
from tldr_database import Database, Transaction
from tldr_gateway.adapters.tables import api_keys, audit_log, organizations, usage_ledger, users
from tldr_gateway.application.accounts.errors import EmailTaken
from tldr_gateway.domain.accounts.account import Organization, User
from tldr_gateway.domain.accounts.api_key import ApiKey, Scope


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

    async def _one(self, organization: OrganizationId, query: sa.Select[Any]) -> Organization:
        found = await self.transaction.execute(query.where(organizations.c.organization_id == organization))
        row = found.one()
        return Organization(organization, row.name, row.plan, row.version, row.created_at)


@dataclass(frozen=True, slots=True)
class PostgresKeys:
    """The keys of the organization that the transaction is bound to."""

    transaction: Transaction

    async def add(self, key: ApiKey) -> None:
        """Keep a key."""
        await self.transaction.execute(
            sa.insert(api_keys).values(
                key_id=key.id,
                organization_id=key.organization,
                name=key.name,
                prefix=key.prefix,
                digest=key.digest,
                scopes=sorted(key.scopes),
                created_at=key.created_at,
                expires_at=key.expires_at,
            )
        )

    async def all(self) -> Sequence[ApiKey]:
        """Those that were not revoked, newest first."""
        rows = await self.transaction.execute(
            sa.select(api_keys).where(api_keys.c.revoked_at.is_(None)).order_by(api_keys.c.key_id.desc()).limit(1000)
        )
        return [_key(row) for row in rows]

    async def revoke(self, key: str, at: datetime) -> bool:
        """Revoke one."""
        done = await self.transaction.execute(
            sa.update(api_keys).where(api_keys.c.key_id == key, api_keys.c.revoked_at.is_(None)).values(revoked_at=at)
        )
        return bool(done.rowcount)


@dataclass(frozen=True, slots=True)
class PostgresKeyLookup:
    """Looks a key up before its organization is known: one of the few readers under the system role."""

    database: Database

    async def by_prefix(self, prefix: str) -> ApiKey | None:
        """The key of that prefix."""
        async with self.database.system() as transaction:
            row = (await transaction.execute(sa.select(api_keys).where(api_keys.c.prefix == prefix))).one_or_none()
        return _key(row) if row else None


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


def _key(row: Any) -> ApiKey:
    return ApiKey(
        id=row.key_id,
        organization=row.organization_id,
        name=row.name,
        prefix=row.prefix,
        digest=row.digest,
        scopes=frozenset(Scope(scope) for scope in row.scopes),
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
    )
