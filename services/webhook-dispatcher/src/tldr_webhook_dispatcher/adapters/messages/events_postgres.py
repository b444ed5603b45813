"""Events of an organization in PostgreSQL, numbered by a row that each transaction locks until it ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tldr_database import Transaction
from tldr_webhook_dispatcher.adapters.tables import events, feeds
from tldr_webhook_dispatcher.domain.messages.event import Event


@dataclass(frozen=True, slots=True)
class PostgresEvents:
    """Events of the organization that the transaction is bound to."""

    transaction: Transaction
    organization: str

    async def next_number(self) -> int | None:
        """The place of the next event. Who asks later waits until this transaction has ended."""
        first = insert(feeds).values(organization_id=self.organization, last_number=1)
        counted = first.on_conflict_do_update(
            index_elements=["organization_id"],
            set_={"last_number": feeds.c.last_number + 1},
            where=feeds.c.closed.is_(False),
        )
        number: int | None = (
            await self.transaction.execute(counted.returning(feeds.c.last_number))
        ).scalar_one_or_none()
        return number

    async def add(self, event: Event) -> None:
        """Add one."""
        await self.transaction.execute(
            sa.insert(events).values(
                event_id=event.id,
                organization_id=self.organization,
                number=event.number,
                type=event.type,
                highlight_id=event.highlight,
                revision=event.revision,
                body=event.body,
                created_at=event.created_at,
            )
        )

    async def notified(self, highlight: str) -> int | None:
        """The latest revision of a highlight that is told of."""
        query = sa.select(sa.func.max(events.c.revision)).where(
            events.c.highlight_id == highlight, events.c.organization_id == self.organization
        )
        revision: int | None = (await self.transaction.execute(query)).scalar_one()
        return revision

    async def last_number(self) -> int:
        """The place of the last event there ever was."""
        query = sa.select(feeds.c.last_number).where(feeds.c.organization_id == self.organization)
        return (await self.transaction.execute(query)).scalar_one_or_none() or 0

    async def number_of(self, event: str) -> int | None:
        """The place of an event."""
        query = sa.select(events.c.number).where(events.c.event_id == event)
        number: int | None = (await self.transaction.execute(query)).scalar_one_or_none()
        return number

    async def page(self, after: int, limit: int) -> Sequence[Event]:
        """Those behind a place, in order."""
        query = sa.select(events).where(events.c.organization_id == self.organization, events.c.number > after)
        return [_event(row) for row in await self.transaction.execute(query.order_by(events.c.number).limit(limit))]

    async def close(self) -> None:
        """Delete all of them, and take no more."""
        closed = insert(feeds).values(organization_id=self.organization, closed=True)
        await self.transaction.execute(
            closed.on_conflict_do_update(index_elements=["organization_id"], set_={"closed": True})
        )
        await self.transaction.execute(sa.delete(events).where(events.c.organization_id == self.organization))


def _event(row: Any) -> Event:
    return Event(row.event_id, row.number, row.type, row.body, row.created_at, row.highlight_id, row.revision)
