"""Access recovered on the gateway's database, while the gateway runs or not."""

from dataclasses import dataclass

import sqlalchemy as sa

from tldr_contracts.ids import OrganizationId
from tldr_database import Database
from tldr_gateway.adapters.accounts.keys_postgres import PostgresKeys
from tldr_gateway.adapters.audit.books_postgres import PostgresBooks
from tldr_gateway.adapters.tables import organizations, users
from tldr_gateway.application.accounts.recover_access import RecoverAccess
from tldr_gateway.domain.accounts.api_key import ApiKey
from tldr_service import Clock


@dataclass(frozen=True, slots=True)
class Recovery:
    """`find` sees all organizations, hence the system role; the key is made as that organization."""

    database: Database
    clock: Clock

    async def find(self, wanted: str) -> OrganizationId | None:
        """The organization of that id, or of the user with that email address."""
        by_id = sa.select(organizations.c.organization_id).where(organizations.c.organization_id == wanted)
        by_email = sa.select(users.c.organization_id).where(users.c.email == wanted.strip().lower())
        async with self.database.system() as transaction:
            found = (await transaction.execute(by_id.union(by_email))).scalar_one_or_none()
        return None if found is None else OrganizationId(found)

    async def recover(self, organization: OrganizationId, *, revoke_others: bool) -> tuple[ApiKey, str]:
        """In one transaction."""
        async with self.database.tenant(organization) as transaction:
            books = PostgresBooks(transaction, organization)
            recover = RecoverAccess(PostgresKeys(transaction), books, self.clock)
            return await recover(organization, revoke_others=revoke_others)
