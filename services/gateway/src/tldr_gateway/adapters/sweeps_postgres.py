"""What must look at several organizations: stalled streams, old records. Under the system role."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from tldr_contracts.ids import OrganizationId, StreamId
from tldr_database import Database
from tldr_gateway.adapters.tables import idempotency, streams, uploads
from tldr_gateway.domain.stream import State

_BATCH = 100


@dataclass(frozen=True, slots=True)
class PostgresSweeps:
    """Finds what has stalled or has been kept long enough."""

    database: Database

    async def stalled(self, since: datetime) -> Sequence[tuple[OrganizationId, StreamId]]:
        """Streams at work that have not moved since then, longest first."""
        query = (
            sa.select(streams.c.organization_id, streams.c.stream_id)
            .where(streams.c.state.in_([State.PENDING, State.PROCESSING]), streams.c.moved_at < since)
            .order_by(streams.c.moved_at)
            .limit(_BATCH)
        )
        async with self.database.system() as transaction:
            rows = await transaction.execute(query)
            return [(OrganizationId(row.organization_id), StreamId(row.stream_id)) for row in rows]

    async def forget(self, *, answers_before: datetime, uploads_before: datetime) -> None:
        """Delete idempotency records and upload records from before then."""
        async with self.database.system() as transaction:
            await transaction.execute(sa.delete(idempotency).where(idempotency.c.created_at < answers_before))
            await transaction.execute(sa.delete(uploads).where(uploads.c.expires_at < uploads_before))
