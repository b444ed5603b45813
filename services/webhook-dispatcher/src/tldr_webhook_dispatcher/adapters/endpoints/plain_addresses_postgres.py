"""Seals the addresses that an earlier version kept in clear; here, because a migration is not given the keys."""

from dataclasses import dataclass

import sqlalchemy as sa

from tldr_database import Database
from tldr_webhook_dispatcher.adapters.tables import endpoints
from tldr_webhook_dispatcher.application.ports import Secrets


@dataclass(frozen=True, slots=True)
class PlainAddresses:
    """Of all organizations, under the system role."""

    database: Database
    secrets: Secrets

    async def seal(self) -> None:
        """Seal each that is not yet; one that another replica seals meanwhile is left as it is."""
        plain = sa.select(endpoints.c.endpoint_id, endpoints.c.url).where(endpoints.c.sealed_url.is_(None))
        async with self.database.system() as transaction:
            for row in list(await transaction.execute(plain.order_by("endpoint_id"))):
                address = self.secrets.address(row.url)
                await transaction.execute(
                    sa.update(endpoints)
                    .where(endpoints.c.endpoint_id == row.endpoint_id, endpoints.c.sealed_url.is_(None))
                    .values(sealed_url=address.sealed, url=address.shown)
                )
