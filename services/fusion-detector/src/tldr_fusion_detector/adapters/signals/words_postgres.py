"""Word counts in PostgreSQL: one row for each piece, as it came."""

import asyncio
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tldr_contracts.ids import StreamId
from tldr_database import Transaction
from tldr_fusion_detector.adapters.signals.words_protobuf import packed, unpacked
from tldr_fusion_detector.adapters.tables import word_counts
from tldr_fusion_detector.domain.signals.words import WordCounts, WordPiece, merge


@dataclass(frozen=True, slots=True)
class PostgresWords:
    """Words of the streams of the organization that the transaction is bound to."""

    transaction: Transaction
    organization: str

    async def add(self, stream: StreamId, piece: WordPiece) -> None:
        """Keep a piece; one from the same second on is replaced."""
        key = {"stream_id": stream, "start_s": piece.start_s}
        payload = packed(piece)
        new = insert(word_counts).values(organization_id=self.organization, **key, payload=payload)
        await self.transaction.execute(new.on_conflict_do_update(index_elements=list(key), set_={"payload": payload}))

    async def of(self, stream: StreamId, length_s: int) -> WordCounts:
        """The words of the first `length_s` seconds."""
        wanted = sa.select(word_counts.c.payload).where(
            word_counts.c.stream_id == stream, word_counts.c.start_s < length_s
        )
        payloads = (await self.transaction.execute(wanted)).scalars().all()
        return await asyncio.to_thread(lambda: merge(map(unpacked, payloads), length_s))
