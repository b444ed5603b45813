"""Pushed chat in PostgreSQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tldr_contracts.ids import StreamId
from tldr_database import Database, Transaction
from tldr_ingest.adapters.streams.tables import pushed_ids, pushed_messages
from tldr_ingest.application.live_chat.ports import PushedMessage


@dataclass(frozen=True, slots=True)
class PostgresPushed:
    """Messages of the organization that the transaction is bound to."""

    transaction: Transaction
    organization: str

    async def fresh(self, stream: StreamId, ids: Sequence[str]) -> frozenset[str]:
        """See `PushedMessages.fresh`; one round trip."""
        if not ids:
            return frozenset()
        rows = [{"organization_id": self.organization, "stream_id": stream, "id": id} for id in ids]
        added = insert(pushed_ids).values(rows).on_conflict_do_nothing().returning(pushed_ids.c.id)
        return frozenset((await self.transaction.execute(added)).scalars())

    async def waiting(self, stream: StreamId, most: int) -> int:
        """See `PushedMessages.waiting`."""
        some = sa.select(sa.literal(1)).where(*self._of(stream)).limit(most).subquery()
        return int(await self.transaction.scalar(sa.select(sa.func.count()).select_from(some)) or 0)

    async def keep(self, stream: StreamId, messages: Sequence[PushedMessage]) -> None:
        """See `PushedMessages.keep`."""
        if messages:
            rows = [self._row(stream, message) for message in messages]
            await self.transaction.execute(insert(pushed_messages).on_conflict_do_nothing(), rows)

    async def take_back(self, stream: StreamId, ids: Sequence[str]) -> int:
        """See `PushedMessages.take_back`."""
        if not ids:
            return 0
        return await self._delete(stream, pushed_messages.c.id.in_(ids))

    async def until(self, stream: StreamId, zero_ms: int, end_ms: int, most: int) -> Sequence[PushedMessage]:
        """See `PushedMessages.until`; those of one moment in the order they came."""
        at = _at(zero_ms)
        query = sa.select(pushed_messages).where(*self._of(stream), at < end_ms).order_by(at, pushed_messages.c.number)
        return [
            PushedMessage(row.id, row.wall_ms, row.stream_ms, row.author, row.text, tuple(row.emotes))
            for row in await self.transaction.execute(query.limit(most))
        ]

    async def take(self, stream: StreamId, zero_ms: int, end_ms: int) -> frozenset[str]:
        """See `PushedMessages.take`."""
        gone = sa.delete(pushed_messages).where(*self._of(stream), _at(zero_ms) < end_ms)
        return frozenset((await self.transaction.execute(gone.returning(pushed_messages.c.id))).scalars())

    async def drop(self, stream: StreamId) -> int:
        """See `PushedMessages.drop`."""
        return await self._delete(stream)

    async def _delete(self, stream: StreamId, *which: sa.ColumnElement[bool]) -> int:
        found = await self.transaction.execute(sa.delete(pushed_messages).where(*self._of(stream), *which))
        return int(found.rowcount)

    def _of(self, stream: StreamId) -> tuple[sa.ColumnElement[bool], ...]:
        return pushed_messages.c.organization_id == self.organization, pushed_messages.c.stream_id == stream

    def _row(self, stream: StreamId, message: PushedMessage) -> dict[str, Any]:
        return {
            "organization_id": self.organization,
            "stream_id": stream,
            "id": message.id,
            "wall_ms": message.wall_ms,
            "stream_ms": message.stream_ms,
            "author": message.author,
            "text": message.text,
            "emotes": list(message.emotes),
        }


@dataclass(frozen=True, slots=True)
class PushedRetention:
    """Deletes what was pushed long enough ago, of all organizations."""

    database: Database

    async def sweep(self, *, messages: datetime, ids: datetime) -> None:
        """Messages that are in no window, and ids, that were heard of before these times."""
        async with self.database.system() as transaction:
            for table, before in ((pushed_messages, messages), (pushed_ids, ids)):
                await transaction.execute(sa.delete(table).where(table.c.heard_at < before))


def _at(zero_ms: int) -> sa.ColumnElement[int]:
    columns = pushed_messages.c
    return sa.func.coalesce(columns.stream_ms, columns.wall_ms - zero_ms)
