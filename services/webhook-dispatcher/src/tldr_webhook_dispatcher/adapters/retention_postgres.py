"""Forgets old messages, events, ends of streams and secrets of before, of all organizations, under the system role."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from tldr_database import Database
from tldr_webhook_dispatcher.adapters.tables import endpoints, events, messages, stream_ends


@dataclass(frozen=True, slots=True)
class PostgresRetention:
    """Deletes in batches, so that no transaction is long."""

    database: Database
    batch: int = 1000

    async def forget(self, before: datetime) -> None:
        """Delete what is older than that."""
        for table, key, age in (
            (messages, messages.c.message_id, messages.c.created_at),
            (events, events.c.event_id, events.c.created_at),
            (stream_ends, stream_ends.c.stream_id, stream_ends.c.at),
        ):
            # The oldest first: events that are left have no hole.
            old = sa.select(key).where(age < before).order_by(age).limit(self.batch)
            deleted = self.batch
            while deleted == self.batch:
                async with self.database.system() as transaction:
                    deleted = (await transaction.execute(sa.delete(table).where(key.in_(old)))).rowcount

    async def forget_secrets(self, now: datetime) -> None:
        """Those that sign nothing any more."""
        over = sa.update(endpoints).where(endpoints.c.secret_before_until <= now)
        async with self.database.system() as transaction:
            await transaction.execute(over.values(sealed_secret_before=None, secret_before_until=None))
