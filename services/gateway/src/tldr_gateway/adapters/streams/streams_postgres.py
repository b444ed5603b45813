"""Streams and their history in PostgreSQL."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from tldr_bus import lock_subjects
from tldr_contracts.ids import StreamId
from tldr_database import Transaction
from tldr_gateway.adapters.streams.lists_postgres import stream_page
from tldr_gateway.adapters.streams.stream_rows import changing, live_row, stream_of
from tldr_gateway.adapters.tables import stream_history, streams
from tldr_gateway.application.ports import HistoryEntry
from tldr_gateway.domain.streams.listing import StreamFilter
from tldr_gateway.domain.streams.live import LiveState
from tldr_gateway.domain.streams.source import Push, SourceKind
from tldr_gateway.domain.streams.stream import Cause, State, Transition
from tldr_gateway.domain.streams.submission import Stream


@dataclass(frozen=True, slots=True)
class PostgresStreams:
    """Streams of the organization that the transaction is bound to."""

    transaction: Transaction
    organization: str

    async def add(self, stream: Stream) -> None:
        """Add a stream."""
        await self.transaction.execute(
            sa.insert(streams).values(
                stream_id=stream.id,
                organization_id=stream.organization,
                title=stream.title,
                source=asdict(stream.source),
                chat=asdict(stream.chat) if stream.chat else None,
                profile=asdict(stream.profile),
                metadata=stream.metadata,
                channel=stream.channel,
                signals=list(stream.signals),
                lane=stream.lane,
                priority=stream.priority,
                created_at=stream.created_at,
                created_by=stream.created_by,
                live_source=stream.live_source,
                **changing(stream),
            )
        )

    async def get(self, stream: StreamId) -> Stream | None:
        """One of them."""
        row = (await self.transaction.execute(sa.select(streams).where(streams.c.stream_id == stream))).one_or_none()
        return stream_of(row) if row else None

    async def lock(self, stream: StreamId) -> Stream | None:
        """One of them, locked until the transaction ends.

        The subject's lock comes first, as in the handlers of events, which are given it by the bus: the other way round
        a customer's request and an event would wait for each other.
        """
        await lock_subjects(self.transaction, stream)
        query = sa.select(streams).where(streams.c.stream_id == stream).with_for_update()
        row = (await self.transaction.execute(query)).one_or_none()
        return stream_of(row) if row else None

    async def save(self, stream: Stream) -> None:
        """Write its present state."""
        await self.transaction.execute(
            sa.update(streams)
            .where(streams.c.stream_id == stream.id)
            .values(**changing(stream), moved_at=stream.updated_at)
        )

    async def moved(self, stream: StreamId, at: datetime) -> None:
        """It was heard of: it is not stalled."""
        later = sa.func.greatest(streams.c.moved_at, at)
        await self.transaction.execute(sa.update(streams).where(streams.c.stream_id == stream).values(moved_at=later))

    async def progressed(self, stream: StreamId, *, mark: int, at: datetime) -> None:
        """It was asked about, and is not stalled."""
        await self.transaction.execute(
            sa.update(streams).where(streams.c.stream_id == stream).values(moved_at=at, progress_mark=mark)
        )

    async def still_since(self, stream: StreamId, since: datetime) -> bool:
        """Whether it was not heard of after this time."""
        query = sa.select(streams.c.moved_at <= since).where(streams.c.stream_id == stream)
        return bool((await self.transaction.execute(query)).scalar_one_or_none())

    async def record(
        self, stream: StreamId, transition: Transition, *, attempt: int, at: datetime, detail: str
    ) -> None:
        """Append to its history."""
        await self.transaction.execute(
            sa.insert(stream_history).values(
                stream_id=stream,
                organization_id=self.organization,
                at=at,
                before=transition.before,
                after=transition.after,
                cause=transition.cause,
                applied=transition.applied,
                attempt=attempt,
                detail=detail,
            )
        )

    async def history(self, stream: StreamId, *, after: int, limit: int) -> Sequence[HistoryEntry]:
        """Its history, oldest first."""
        rows = await self.transaction.execute(
            sa.select(stream_history)
            .where(stream_history.c.stream_id == stream, stream_history.c.number > after)
            .order_by(stream_history.c.number)
            .limit(limit)
        )
        return [
            HistoryEntry(
                number=row.number,
                at=row.at,
                transition=Transition(State(row.before), State(row.after), Cause(row.cause), row.applied),
                attempt=row.attempt,
                detail=row.detail,
            )
            for row in rows
        ]

    async def delete(self, stream: StreamId) -> None:
        """Delete it with its history."""
        await self.transaction.execute(sa.delete(streams).where(streams.c.stream_id == stream))

    async def sourced(self, stream: StreamId, live: LiveState | None) -> None:
        """What became of its source."""
        await self.transaction.execute(
            sa.update(streams)
            .where(streams.c.stream_id == stream)
            .values(live=live_row(live) if live else None, quiet_until=live.quiet_until if live else None)
        )

    async def rekey(self, stream: StreamId, push: Push) -> None:
        """Another key opens it from now on."""
        changed = sa.func.jsonb_set(
            streams.c.source, sa.literal(["push"], ARRAY(sa.Text)), sa.literal(asdict(push), JSONB)
        )
        await self.transaction.execute(sa.update(streams).where(streams.c.stream_id == stream).values(source=changed))

    async def active(self, *, live: bool = False) -> int:
        """How many are neither completed, failed nor cancelled; of the live ones alone, if wished."""
        query = sa.select(sa.func.count()).where(streams.c.state.in_([State.PENDING, State.PROCESSING]))
        if live:
            query = query.where(streams.c.source["kind"].astext == SourceKind.LIVE)
        return int((await self.transaction.execute(query)).scalar_one())

    async def rename(self, stream: StreamId, *, title: str, metadata: dict[str, str]) -> None:
        """Other words of the customer's; that is no sign of work."""
        words = {"title": title, "metadata": metadata}
        await self.transaction.execute(sa.update(streams).where(streams.c.stream_id == stream).values(words))

    async def following(self, live_source: str) -> StreamId | None:
        """A stream at work on this live source."""
        at_work = streams.c.state.in_([State.PENDING, State.PROCESSING])
        query = sa.select(streams.c.stream_id).where(streams.c.live_source == live_source, at_work).limit(1)
        found = (await self.transaction.execute(query)).scalar_one_or_none()
        return StreamId(found) if found else None

    async def page(self, wanted: StreamFilter, *, before: str | None, limit: int) -> Sequence[Stream]:
        """Newest first."""
        return await stream_page(self.transaction, wanted, before=before, limit=limit)
