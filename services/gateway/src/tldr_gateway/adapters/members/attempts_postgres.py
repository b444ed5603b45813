"""Counts of tries in PostgreSQL: exact over all instances, and away only when logging in is not possible anyway."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tldr_database import Database
from tldr_gateway.adapters.tables import attempts
from tldr_service import Clock


@dataclass(frozen=True, slots=True)
class PostgresAttempts:
    """Each count is a transaction of its own: it stays when what is tried fails."""

    database: Database
    clock: Clock

    async def count(self, bucket: str, *, limit: int, window: timedelta) -> datetime | None:
        """Count one more; None while there may be more of them, else when the window ends."""
        now = self.clock.now()
        over = attempts.c.until <= now
        new = insert(attempts).values(bucket=bucket, count=1, until=now + window)
        counted = new.on_conflict_do_update(
            index_elements=[attempts.c.bucket],
            set_={
                "count": sa.case((over, 1), else_=sa.func.least(attempts.c.count, limit) + 1),
                "until": sa.case((over, new.excluded.until), else_=attempts.c.until),
            },
        ).returning(attempts.c.count.label("tried"), attempts.c.until)
        async with self.database.untenanted() as transaction:
            row = (await transaction.execute(counted)).one()
        until: datetime = row.until
        return until if row.tried > limit else None

    async def forget(self, bucket: str) -> None:
        """Begin anew."""
        async with self.database.untenanted() as transaction:
            await transaction.execute(sa.delete(attempts).where(attempts.c.bucket == bucket))
