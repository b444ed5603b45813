"""API keys in PostgreSQL."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tldr_database import Database, Transaction
from tldr_gateway.adapters.tables import api_keys
from tldr_gateway.domain.accounts.api_key import USED_EVERY, ApiKey, Replaced
from tldr_gateway.domain.accounts.networks import network_of
from tldr_gateway.domain.accounts.scopes import known

_BY_PREFIX = sa.select(api_keys).where(
    (api_keys.c.prefix == sa.bindparam("presented")) | (api_keys.c.replaced_prefix == sa.bindparam("presented"))
)
_KEPT = sa.select(api_keys).where(api_keys.c.revoked_at.is_(None)).order_by(api_keys.c.key_id.desc())


@dataclass(frozen=True, slots=True)
class PostgresKeys:
    """The keys of the organization that the transaction is bound to."""

    transaction: Transaction
    changed: Callable[[str], None] = lambda _: None
    """Told of each key that is about to change."""

    async def add(self, key: ApiKey) -> None:
        """Keep a key."""
        await self.transaction.execute(
            sa.insert(api_keys).values(
                key_id=key.id,
                organization_id=key.organization,
                created_at=key.created_at,
                created_by=key.created_by,
                expires_at=key.expires_at,
                **_changing(key),
            )
        )

    async def all(self) -> Sequence[ApiKey]:
        """Those that were not revoked, newest first."""
        return [_key(row) for row in await self.transaction.execute(_KEPT.limit(1000))]

    async def page(self, *, before: str | None, limit: int) -> Sequence[ApiKey]:
        """Those that were not revoked, newest first, those before an id."""
        query = _KEPT if before is None else _KEPT.where(api_keys.c.key_id < before)
        return [_key(row) for row in await self.transaction.execute(query.limit(limit))]

    async def save(self, key: ApiKey) -> None:
        """Write its name, scopes, networks and secrets."""
        self.changed(key.id)
        values = _changing(key)
        await self.transaction.execute(
            # A gateway of the version before would go by these.
            sa.update(api_keys).where(api_keys.c.key_id == key.id).values(scopes_of_before=[], **values)
        )

    async def revoke(self, key: str, at: datetime) -> bool:
        """Revoke one."""
        self.changed(key)
        done = await self.transaction.execute(
            sa.update(api_keys).where(api_keys.c.key_id == key, api_keys.c.revoked_at.is_(None)).values(revoked_at=at)
        )
        return bool(done.rowcount)


@dataclass(frozen=True, slots=True)
class PostgresKeyLookup:
    """Looks a key up before its organization is known: one of the few readers under the system role."""

    database: Database

    async def by_prefix(self, prefix: str) -> ApiKey | None:
        """The key that has this prefix, or had it before its secret was replaced."""
        async with self.database.system() as transaction:
            row = (await transaction.execute(_BY_PREFIX, {"presented": prefix})).one_or_none()
        return _key(row) if row else None


@dataclass(frozen=True, slots=True)
class PostgresKeyUses:
    """When keys were last used: a row that is being changed is left to the next use."""

    database: Database

    async def used(self, key: ApiKey, at: datetime) -> None:
        """The key was used then."""
        known_before = api_keys.c.last_used_at.is_(None) | (api_keys.c.last_used_at <= at - USED_EVERY)
        free = sa.select(api_keys.c.key_id).where(api_keys.c.key_id == key.id, known_before)
        async with self.database.tenant(key.organization) as transaction:
            await transaction.execute(
                sa.update(api_keys)
                .where(api_keys.c.key_id.in_(free.with_for_update(skip_locked=True)))
                .values(last_used_at=at)
            )


def _changing(key: ApiKey) -> dict[str, Any]:
    before = key.replaced
    return {
        "name": key.name,
        "prefix": key.prefix,
        "digest": key.digest,
        "granted": sorted(key.scopes),
        "allowed_cidrs": [str(network) for network in key.networks],
        "replaced_prefix": before.prefix if before else None,
        "replaced_digest": before.digest if before else None,
        "replaced_until": before.until if before else None,
    }


def _key(row: Any) -> ApiKey:
    replaced = Replaced(row.replaced_prefix, row.replaced_digest, row.replaced_until) if row.replaced_prefix else None
    return ApiKey(
        id=row.key_id,
        organization=row.organization_id,
        name=row.name,
        prefix=row.prefix,
        digest=row.digest,
        scopes=known(row.granted),
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        networks=tuple(network_of(cidr) for cidr in row.allowed_cidrs),
        created_by=row.created_by,
        last_used_at=row.last_used_at,
        replaced=replaced,
    )
