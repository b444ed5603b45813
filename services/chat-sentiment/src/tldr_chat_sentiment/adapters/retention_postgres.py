"""Forgets chat of all organizations that nobody will measure, under the system role."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from tldr_chat_sentiment.adapters.tables import arrivals, streams
from tldr_database import Database
from tldr_streams.state import StreamState

_REASON = "The stream was not retried in time, and this part of the chat was deleted. It is not counted."


@dataclass(frozen=True, slots=True)
class ChatRetention:
    """Works in batches, so that no transaction is long."""

    database: Database
    batch: int = 500

    async def expire(self, before: datetime) -> None:
        """Of streams that failed before and were not retried: what was written goes, and a gap takes its place."""
        failed = (streams.c.state == StreamState.FAILED) & (streams.c.ended_at < before)
        written = sa.tuple_(arrivals.c.stream_id, arrivals.c.number)
        some = (
            sa.select(arrivals.c.stream_id, arrivals.c.number)
            .join(streams, streams.c.stream_id == arrivals.c.stream_id)
            .where(failed, arrivals.c.kind == "window")
            .limit(self.batch)
        )
        gap = {"kind": "gap", "code": "chat_expired", "reason": _REASON}
        nothing = dict.fromkeys(("index", "content", "bucket", "key", "sha256"))
        await self._all_of(sa.update(arrivals).where(written.in_(some)).values(**gap, **nothing))

    async def _all_of(self, statement: sa.Update) -> None:
        changed = self.batch
        while changed == self.batch:
            async with self.database.system() as transaction:
                changed = (await transaction.execute(statement)).rowcount
