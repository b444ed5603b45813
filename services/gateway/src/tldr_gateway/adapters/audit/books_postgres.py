"""The books in PostgreSQL: the audit log and the usage ledger, both only ever appended to."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tldr_contracts.ids import StreamId
from tldr_database import Transaction
from tldr_gateway.adapters.tables import audit_log, usage_ledger
from tldr_gateway.domain.accounts.networks import Address
from tldr_gateway.domain.audit.event import Details, written


@dataclass(frozen=True, slots=True)
class PostgresBooks:
    """The books of one organization. `address` is where the request comes from in whose transaction they are written."""

    transaction: Transaction
    organization: str
    address: Address | None = None

    async def audit(
        self,
        *,
        actor: str,
        action: str,
        subject: str,
        at: datetime,
        before: Details | None = None,
        after: Details | None = None,
    ) -> None:
        """Append to the audit log."""
        await self.transaction.execute(
            sa.insert(audit_log).values(
                organization_id=self.organization,
                at=at,
                actor=actor,
                address=None if self.address is None else str(self.address),
                action=action,
                subject=subject,
                before=written(before),
                after=written(after),
            )
        )

    async def use(self, stream: StreamId, *, media_ms: int, at: datetime) -> None:
        """Append to the usage ledger, once for a stream."""
        new = insert(usage_ledger).values(stream_id=stream, organization_id=self.organization, at=at, media_ms=media_ms)
        await self.transaction.execute(new.on_conflict_do_nothing())
