"""What organizations configure, in PostgreSQL: a row for each, and one for each of its versions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from tldr_database import Transaction
from tldr_gateway.adapters.tables import configuration_versions as versions
from tldr_gateway.adapters.tables import configurations
from tldr_gateway.domain.configuration.configured import Configured, Head, Kind

_EVERY = (
    sa.select(
        configurations.c.configuration_id,
        configurations.c.kind,
        configurations.c.created_at,
        versions.c.version,
        versions.c.name,
        versions.c.document,
        versions.c.changed_at,
        versions.c.changed_by,
    )
    .select_from(configurations)
    .join(versions, versions.c.configuration_id == configurations.c.configuration_id)
)
_PRESENT = _EVERY.where(versions.c.version == configurations.c.version)


@dataclass(frozen=True, slots=True)
class PostgresConfigurations:
    """What the organization that the transaction is bound to configured."""

    transaction: Transaction
    organization: str

    async def add(self, configured: Configured) -> None:
        """Keep a first version."""
        await self.transaction.execute(
            sa.insert(configurations).values(
                configuration_id=configured.id,
                organization_id=self.organization,
                kind=configured.kind,
                name=configured.name,
                version=configured.version,
                created_at=configured.created_at,
            )
        )
        await self._keep(configured)

    async def get(self, kind: Kind, id: str) -> Configured | None:
        """One of them as it is now."""
        return await self._one(_PRESENT, kind, id)

    async def lock(self, kind: Kind, id: str) -> Configured | None:
        """The same, locked."""
        return await self._one(_PRESENT.with_for_update(of=configurations), kind, id)

    async def save(self, configured: Configured) -> None:
        """Keep a further version."""
        await self.transaction.execute(
            sa.update(configurations)
            .where(configurations.c.configuration_id == configured.id)
            .values(name=configured.name, version=configured.version)
        )
        await self._keep(configured)

    async def delete(self, kind: Kind, id: str) -> bool:
        """Delete one; its versions follow."""
        done = await self.transaction.execute(
            sa.delete(configurations).where(configurations.c.kind == kind, configurations.c.configuration_id == id)
        )
        return bool(done.rowcount)

    async def page(self, kind: Kind, *, before: str | None, limit: int) -> Sequence[Configured]:
        """Newest first, those before an id."""
        query = _PRESENT.where(configurations.c.kind == kind, configurations.c.organization_id == self.organization)
        if before is not None:
            query = query.where(configurations.c.configuration_id < before)
        return await self._all(query.order_by(configurations.c.configuration_id.desc()).limit(limit))

    async def versions(self, kind: Kind, id: str, *, before: int | None, limit: int) -> Sequence[Configured]:
        """The versions of one, newest first."""
        query = _EVERY.where(configurations.c.kind == kind, configurations.c.configuration_id == id)
        if before is not None:
            query = query.where(versions.c.version < before)
        return await self._all(query.order_by(versions.c.version.desc()).limit(limit))

    async def version(self, kind: Kind, id: str, version: int) -> Configured | None:
        """One version of one."""
        return await self._one(_EVERY.where(versions.c.version == version), kind, id)

    async def heads(self) -> Sequence[Head]:
        """All there are, in order of their ids."""
        query = sa.select(configurations).where(configurations.c.organization_id == self.organization)
        rows = await self.transaction.execute(query.order_by(configurations.c.configuration_id))
        return [Head(row.configuration_id, Kind(row.kind), row.version, row.name) for row in rows]

    async def _keep(self, configured: Configured) -> None:
        await self.transaction.execute(
            sa.insert(versions).values(
                configuration_id=configured.id,
                version=configured.version,
                organization_id=self.organization,
                name=configured.name,
                document=configured.document,
                changed_at=configured.changed_at,
                changed_by=configured.changed_by,
            )
        )

    async def _one(self, query: sa.Select[Any], kind: Kind, id: str) -> Configured | None:
        found = await self._all(query.where(configurations.c.kind == kind, configurations.c.configuration_id == id))
        return found[0] if found else None

    async def _all(self, query: sa.Select[Any]) -> list[Configured]:
        return [
            Configured(
                id=row.configuration_id,
                kind=Kind(row.kind),
                version=row.version,
                name=row.name,
                document=row.document,
                created_at=row.created_at,
                changed_at=row.changed_at,
                changed_by=row.changed_by,
            )
            for row in await self.transaction.execute(query)
        ]
