"""Streams in PostgreSQL."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from tldr_chat_sentiment.adapters.tables import memories, streams
from tldr_chat_sentiment.domain.arrivals.chat_stream import ChatStream
from tldr_chat_sentiment.domain.measuring.memory import ChatMemory
from tldr_contracts.ids import StreamId
from tldr_streams.rows import StreamRows, stream_values

_OWN = ("priority", "ended_attempt", "last_index", "arrivals", "seen_until_ms", "complete_until_ms")


@dataclass(frozen=True, slots=True)
class PostgresStreams(StreamRows[ChatStream]):
    """Streams, and beside each of them its memory, which is read and written only where it is needed."""

    TABLE = streams

    def new(self, stream: StreamId) -> ChatStream:
        """A stream of which nothing was written."""
        return ChatStream(stream)

    def record(self, row: Any) -> ChatStream:
        """The stream that a row holds."""
        return ChatStream(**stream_values(row), **{name: row._mapping[name] for name in _OWN})

    def values(self, stream: ChatStream) -> Mapping[str, Any]:
        """All but the memory, which the database then does not copy."""
        return {name: getattr(stream, name) for name in _OWN}

    async def memory(self, stream: StreamId) -> ChatMemory:
        """The memory; empty at first."""
        found = await self.transaction.execute(sa.select(memories.c.memory).where(memories.c.stream_id == stream))
        return ChatMemory.from_bytes(found.scalar_one_or_none() or b"")

    async def remember(self, stream: StreamId, memory: ChatMemory) -> None:
        """Replace the memory."""
        await self.transaction.execute(
            sa.update(memories).where(memories.c.stream_id == stream).values(memory=memory.to_bytes())
        )
