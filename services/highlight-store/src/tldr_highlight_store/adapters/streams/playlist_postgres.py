"""The segments of a stream that are played, from its rows and, once for each, from the heads of their files."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from tldr_contracts.ids import StreamId
from tldr_database import Database, Transaction
from tldr_highlight_store.adapters.streams.streams_postgres import PostgresStreams
from tldr_highlight_store.adapters.streams.window_postgres import window_ms
from tldr_highlight_store.adapters.tables import segments, streams
from tldr_highlight_store.domain.streams.playlist import HEAD_BYTES, Playable, Playlist, playable, with_header
from tldr_storage import ObjectMissing, ObjectStore

_MOST = 7_200
"""Four hours of segments of two seconds: what a playlist of a megabyte or two holds."""
_HEADS_AT_ONCE = 8
_ANY_LANE = 0


@dataclass(frozen=True, slots=True)
class PlaylistReader:
    """Reads what can be played of a stream now."""

    database: Database
    objects: ObjectStore

    async def __call__(self, organization: str, stream: StreamId, window_s: int | None) -> Playlist:
        """The window that the plan keeps of a live stream, or all of a recording; at most the last `window_s` seconds of it.
        Raises OSError where the store does not answer.
        """
        async with self.database.tenant(organization) as transaction:
            known = await PostgresStreams(transaction, organization, _ANY_LANE).get(stream)
            found = playable(await _rows(transaction, stream, window_s))
        headed = await self._with_heads(found)
        asked = {one.index for one in found if one.init_bytes is None}
        learned = {one.index: one.init_bytes for one in headed if one.index in asked and one.init_bytes is not None}
        if learned:
            async with self.database.tenant(organization) as transaction:
                await _keep(transaction, stream, learned)
        return Playlist(headed, known.source_ended)

    async def _with_heads(self, found: Sequence[Playable]) -> tuple[Playable, ...]:
        """A file that has gone meanwhile is played no more, nor what came before it."""
        slots = asyncio.Semaphore(_HEADS_AT_ONCE)

        async def head(segment: Playable) -> Playable | None:
            if segment.init_bytes is not None or segment.container != "mp4":
                return segment
            async with slots:
                try:
                    return with_header(segment, await self.objects.head(segment.bucket, segment.key, HEAD_BYTES))
                except ObjectMissing:
                    return None

        there = await asyncio.gather(*map(head, found))
        return playable([segment for segment in there if segment is not None])


async def _rows(transaction: Transaction, stream: StreamId, window_s: int | None) -> Sequence[Playable]:
    kept: sa.ColumnElement[Any] = sa.case((streams.c.live, window_ms()), else_=sa.literal(2**62, sa.BigInteger))
    if window_s is not None:
        kept = sa.func.least(kept, window_s * 1000)
    edge = sa.select(streams.c.read_until_ms - kept).where(streams.c.stream_id == stream).scalar_subquery()
    query = (
        sa.select(*(segments.c[name] for name in Playable.__slots__))
        .where(segments.c.stream_id == stream, segments.c.end_ms > edge)
        .order_by(segments.c.index.desc())
        .limit(_MOST)
    )
    return [Playable(*row) for row in reversed((await transaction.execute(query)).all())]


async def _keep(transaction: Transaction, stream: StreamId, lengths: dict[int, int]) -> None:
    known = sa.values(sa.column("index", sa.BigInteger), sa.column("length", sa.Integer), name="known").data(
        list(lengths.items())
    )
    await transaction.execute(
        sa.update(segments)
        .where(segments.c.stream_id == stream, segments.c.index == known.c.index)
        .values(init_bytes=known.c.length)
    )
