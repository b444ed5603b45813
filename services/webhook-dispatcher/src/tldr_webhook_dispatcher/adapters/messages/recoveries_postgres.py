"""Recoveries in PostgreSQL: a row for each endpoint that has one."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tldr_database import Transaction
from tldr_webhook_dispatcher.adapters.tables import recoveries
from tldr_webhook_dispatcher.domain.messages.recovery import Recovery


@dataclass(frozen=True, slots=True)
class PostgresRecoveries:
    """Recoveries of the organization that the transaction is bound to."""

    transaction: Transaction
    organization: str

    async def ask(self, recovery: Recovery) -> None:
        """Begin one; where one is under way it begins again, from the earlier time of both."""
        values = {"since": recovery.since, "asked_at": recovery.asked_at, "after": ""}
        new = insert(recoveries).values(endpoint_id=recovery.endpoint, organization_id=self.organization, **values)
        earlier = {**values, "since": sa.func.least(recoveries.c.since, new.excluded.since)}
        await self.transaction.execute(new.on_conflict_do_update(index_elements=["endpoint_id"], set_=earlier))

    async def get(self, endpoint: str) -> Recovery | None:
        """The one of an endpoint."""
        found = await self.transaction.execute(sa.select(recoveries).where(recoveries.c.endpoint_id == endpoint))
        row = found.one_or_none()
        return Recovery(row.endpoint_id, row.since, row.asked_at, row.after) if row else None

    async def advance(self, endpoint: str, after: str) -> None:
        """The messages up to this one are due again."""
        done = sa.update(recoveries).where(recoveries.c.endpoint_id == endpoint)
        await self.transaction.execute(done.values(after=after))

    async def end(self, endpoint: str) -> None:
        """Nothing is left to do."""
        await self.transaction.execute(sa.delete(recoveries).where(recoveries.c.endpoint_id == endpoint))
