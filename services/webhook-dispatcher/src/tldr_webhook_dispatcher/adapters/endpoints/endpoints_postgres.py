"""Endpoints in PostgreSQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from tldr_bus import lock_subjects
from tldr_database import Transaction
from tldr_webhook_dispatcher.adapters.tables import endpoints
from tldr_webhook_dispatcher.domain.endpoints.endpoint import Address, Endpoint, Headers, ReplacedSecret


@dataclass(frozen=True, slots=True)
class PostgresEndpoints:
    """Endpoints of the organization that the transaction is bound to."""

    transaction: Transaction

    async def take_turn(self, organization: str) -> None:
        """Wait until nobody else counts and adds."""
        await lock_subjects(self.transaction, f"endpoints of {organization}")

    async def add(self, endpoint: Endpoint) -> None:
        """Add one."""
        values = {**_changeable(endpoint), "created_at": endpoint.created_at}
        await self.transaction.execute(
            sa.insert(endpoints).values(endpoint_id=endpoint.id, organization_id=endpoint.organization, **values)
        )

    async def get(self, endpoint: str) -> Endpoint | None:
        """One of them."""
        found = await self.transaction.execute(sa.select(endpoints).where(endpoints.c.endpoint_id == endpoint))
        row = found.one_or_none()
        return _endpoint(row) if row else None

    async def lock(self, endpoint: str) -> Endpoint | None:
        """One of them, locked until the transaction ends."""
        query = sa.select(endpoints).where(endpoints.c.endpoint_id == endpoint).with_for_update(key_share=True)
        row = (await self.transaction.execute(query)).one_or_none()
        return _endpoint(row) if row else None

    async def all(self) -> Sequence[Endpoint]:
        """All of them, oldest first."""
        return [_endpoint(row) for row in await self.transaction.execute(sa.select(endpoints).order_by("endpoint_id"))]

    async def save(self, endpoint: Endpoint) -> None:
        """Write one that is locked."""
        await self.transaction.execute(
            sa.update(endpoints).where(endpoints.c.endpoint_id == endpoint.id).values(**_changeable(endpoint))
        )

    async def delete(self, endpoint: str) -> bool:
        """Delete one with its messages."""
        done = await self.transaction.execute(sa.delete(endpoints).where(endpoints.c.endpoint_id == endpoint))
        return bool(done.rowcount)

    async def delete_all(self) -> None:
        """Delete all of them with their messages."""
        await self.transaction.execute(sa.delete(endpoints))


def _changeable(endpoint: Endpoint) -> dict[str, Any]:
    before = endpoint.replaced_secret
    return {
        "url": endpoint.address.shown,
        "sealed_url": endpoint.address.sealed or None,
        "description": endpoint.description,
        "types": list(endpoint.types),
        "enabled": endpoint.enabled,
        "sealed_secret": endpoint.sealed_secret,
        "failing_since": endpoint.failing_since,
        "paused": endpoint.paused,
        "sealed_headers": endpoint.headers.sealed,
        "header_names": list(endpoint.headers.names),
        "sealed_secret_before": before.sealed if before else None,
        "secret_before_until": before.until if before else None,
    }


def _endpoint(row: Any) -> Endpoint:
    before = row.sealed_secret_before
    return Endpoint(
        id=row.endpoint_id,
        organization=row.organization_id,
        address=Address(row.sealed_url or "", row.url),
        description=row.description,
        types=tuple(row.types),
        enabled=row.enabled,
        sealed_secret=row.sealed_secret,
        created_at=row.created_at,
        failing_since=row.failing_since,
        paused=row.paused,
        headers=Headers(row.sealed_headers, tuple(row.header_names)),
        replaced_secret=ReplacedSecret(before, row.secret_before_until) if before else None,
    )
