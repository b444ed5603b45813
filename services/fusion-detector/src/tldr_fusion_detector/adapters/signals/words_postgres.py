"""Word counts in PostgreSQL: one row for each piece, as it came."""

import asyncio
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tldr_contracts.ids import StreamId
from tldr_database import Transaction
from tldr_fusion_detector.adapters.signals.words_protobuf import packed, unpacked
from tldr_fusion_detector.adapters.tables import word_counts
from tldr_fusion_detector.application.signals.measurement import LONGEST_PIECE_S
from tldr_fusion_detector.domain.signals.words import NO_WORDS, WordCounts, WordPiece, merge


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

    async def of(self, stream: StreamId, length_s: int, start_s: int = 0) -> WordCounts:
        """The words of `length_s` seconds from `start_s` on, counted from there."""
        wanted = sa.select(word_counts.c.payload).where(
            word_counts.c.stream_id == stream, word_counts.c.start_s < start_s + length_s
        )
        if start_s:
            wanted = wanted.where(word_counts.c.start_s > start_s - LONGEST_PIECE_S)
        payloads = (await self.transaction.execute(wanted)).scalars().all()
        if not payloads:
            return NO_WORDS
        return await asyncio.to_thread(
            lambda: merge((unpacked(payload).since(start_s) for payload in payloads), length_s)
        )
