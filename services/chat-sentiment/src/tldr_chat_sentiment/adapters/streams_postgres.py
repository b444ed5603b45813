"""Streams in PostgreSQL."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tldr_bus import lock_subjects
from tldr_chat_sentiment.adapters.tables import streams
from tldr_chat_sentiment.domain.chat_stream import ChatStream, Standing
from tldr_chat_sentiment.domain.memory import ChatMemory
from tldr_contracts.ids import StreamId
from tldr_database import Transaction

_KEPT = (
    "priority",
    "standing",
    "attempt",
    "ended_attempt",
    "last_index",
    "arrivals",
    "seen_until_ms",
    "complete_until_ms",
)


@dataclass(frozen=True, slots=True)
class PostgresStreams:
    """Streams of the organization that the transaction is bound to. `lane` is that of the stream being handled."""

    transaction: Transaction
    organization: str
    lane: int

    async def take(self, stream: StreamId) -> ChatStream:
        """The stream under its lock; the bus holds the same one around its handlers."""
        await lock_subjects(self.transaction, stream)
        return await self.get(stream)

    async def get(self, stream: StreamId) -> ChatStream:
        """The stream, as new when nothing was written of it."""
        columns = [streams.c[name] for name in _KEPT]
        found = await self.transaction.execute(sa.select(*columns).where(streams.c.stream_id == stream))
        row = found.one_or_none()
        if row is None:
            return ChatStream(stream)
        return ChatStream(stream, **{**row._mapping, "standing": Standing(row.standing)})

    async def put(self, stream: ChatStream) -> None:
        """Write all but the memory, which the database then does not copy."""
        values = {name: getattr(stream, name) for name in _KEPT}
        new = insert(streams).values(organization_id=self.organization, stream_id=stream.id, lane=self.lane, **values)
        changed = {**values, "touched_at": sa.func.now()}
        await self.transaction.execute(new.on_conflict_do_update(index_elements=["stream_id"], set_=changed))

    async def memory(self, stream: StreamId) -> ChatMemory:
        """The memory; empty at first."""
        found = await self.transaction.execute(sa.select(streams.c.memory).where(streams.c.stream_id == stream))
        return ChatMemory.from_bytes(found.scalar_one_or_none() or b"")

    async def remember(self, stream: StreamId, memory: ChatMemory) -> None:
        """Replace the memory."""
        await self.transaction.execute(
            sa.update(streams).where(streams.c.stream_id == stream).values(memory=memory.to_bytes())
        )
