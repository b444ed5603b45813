"""Streams and their history in PostgreSQL."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tldr_bus import lock_subjects
from tldr_contracts.ids import OrganizationId, StreamId
from tldr_database import Transaction
from tldr_gateway.adapters.tables import stream_history, streams
from tldr_gateway.application.ports import HistoryEntry
from tldr_gateway.domain.streams.source import Address, ChatFormat, ChatSource, Source, SourceKind, UploadedObject
from tldr_gateway.domain.streams.stream import Cause, Failure, State, Transition
from tldr_gateway.domain.streams.submission import Profile, Stream
from tldr_secrets import redacted


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
                lane=stream.lane,
                priority=stream.priority,
                created_at=stream.created_at,
                **_changing(stream),
            )
        )

    async def get(self, stream: StreamId) -> Stream | None:
        """One of them."""
        row = (await self.transaction.execute(sa.select(streams).where(streams.c.stream_id == stream))).one_or_none()
        return _stream(row) if row else None

    async def lock(self, stream: StreamId) -> Stream | None:
        """One of them, locked until the transaction ends.

        The subject's lock comes first, as in the handlers of events, which are given it by the bus: the other way round
        a customer's request and an event would wait for each other.
        """
        await lock_subjects(self.transaction, stream)
        query = sa.select(streams).where(streams.c.stream_id == stream).with_for_update()
        row = (await self.transaction.execute(query)).one_or_none()
        return _stream(row) if row else None

    async def save(self, stream: Stream) -> None:
        """Write its present state."""
        await self.transaction.execute(
            sa.update(streams)
            .where(streams.c.stream_id == stream.id)
            .values(**_changing(stream), moved_at=stream.updated_at)
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

    async def active(self) -> int:
        """How many are neither completed, failed nor cancelled."""
        query = sa.select(sa.func.count()).where(streams.c.state.in_([State.PENDING, State.PROCESSING]))
        return int((await self.transaction.execute(query)).scalar_one())

    async def page(self, *, state: State | None, before: str | None, limit: int) -> Sequence[Stream]:
        """Newest first."""
        query = sa.select(streams).order_by(streams.c.stream_id.desc()).limit(limit)
        if state is not None:
            query = query.where(streams.c.state == state)
        if before is not None:
            query = query.where(streams.c.stream_id < before)
        return [_stream(row) for row in await self.transaction.execute(query)]


def _changing(stream: Stream) -> dict[str, Any]:
    return {
        "state": stream.state,
        "attempt": stream.attempt,
        "stop_asked": stream.stop_asked,
        "failure_code": stream.failure.code if stream.failure else None,
        "failure_reason": stream.failure.reason if stream.failure else None,
        "duration_ms": stream.duration_ms,
        "highlights": stream.highlights,
        "gaps": list(stream.gaps),
        "updated_at": stream.updated_at,
        "started_at": stream.started_at,
        "ended_at": stream.ended_at,
    }


def _stream(row: Any) -> Stream:
    return Stream(
        id=StreamId(row.stream_id),
        organization=OrganizationId(row.organization_id),
        title=row.title,
        source=Source(SourceKind(row.source["kind"]), _uploaded(row.source["upload"]), _address(row.source)),
        chat=_chat(row.chat),
        profile=Profile(**row.profile),
        lane=row.lane,
        priority=row.priority,
        state=State(row.state),
        attempt=row.attempt,
        created_at=row.created_at,
        updated_at=row.updated_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
        stop_asked=row.stop_asked,
        failure=Failure(row.failure_code, row.failure_reason) if row.failure_code else None,
        duration_ms=row.duration_ms,
        highlights=row.highlights,
        gaps=tuple(row.gaps),
        metadata=row.metadata,
        channel=row.channel,
    )


def _chat(values: dict[str, Any] | None) -> ChatSource | None:
    if values is None:
        return None
    upload = _uploaded(values["upload"])
    started_at = values.get("media_started_at_ms")
    return ChatSource(ChatFormat(values["format"]), values["offset_ms"], upload, _address(values), started_at)


def _address(values: dict[str, Any]) -> Address | None:
    """Rows of earlier versions hold a plain `url`."""
    if values.get("url"):
        return Address("", redacted(values["url"]))
    return Address(**values["address"]) if values.get("address") else None


def _uploaded(values: dict[str, Any] | None) -> UploadedObject | None:
    return UploadedObject(**values) if values else None
