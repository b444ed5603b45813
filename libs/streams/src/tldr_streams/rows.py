"""Followed streams in PostgreSQL: the columns that every service has, and the repository over them."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, Generic

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tldr_bus import lock_subjects
from tldr_contracts.ids import StreamId
from tldr_database import Transaction
from tldr_streams.following import S
from tldr_streams.state import StreamState


def stream_table(metadata: sa.MetaData, *own: sa.Column[Any]) -> sa.Table:
    """The table `streams` for queries, with a service's own columns. `ended_at`: since when it is not worked on any more."""
    return sa.Table(
        "streams",
        metadata,
        sa.Column("organization_id", sa.Text),
        sa.Column("stream_id", sa.Text, primary_key=True),
        sa.Column("lane", sa.Integer),
        sa.Column("state", sa.Text),
        sa.Column("attempt", sa.Integer),
        sa.Column("created_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        *own,
    )


def stream_values(row: Any) -> dict[str, Any]:
    """What a `FollowedStream` is made of, out of its row."""
    return {"id": StreamId(row.stream_id), "state": StreamState(row.state), "attempt": row.attempt}


@cache
def _one(table: sa.Table) -> sa.Select[Any]:
    """Every event asks it: a statement that is made once is compiled once."""
    return sa.select(table).where(table.c.stream_id == sa.bindparam("stream"))


@dataclass(frozen=True, slots=True)
class StreamRows(ABC, Generic[S]):
    """Streams of the organization that the transaction is bound to. `lane` is that of the stream being handled.

    A service names its table and those that hang on it, and turns rows into its streams and back.
    """

    transaction: Transaction
    organization: str
    lane: int

    TABLE: ClassVar[sa.Table]
    OF_STREAM: ClassVar[Sequence[sa.Table]] = ()

    @abstractmethod
    def new(self, stream: StreamId) -> S:
        """A stream of which nothing was written."""

    @abstractmethod
    def record(self, row: Any) -> S:
        """The stream that a row holds."""

    @abstractmethod
    def values(self, stream: S) -> Mapping[str, Any]:
        """The service's own columns of it."""

    async def find(self, stream: StreamId, /) -> S | None:
        """The stream, if anything was written of it."""
        row = (await self.transaction.execute(_one(self.TABLE), {"stream": stream})).one_or_none()
        return None if row is None else self.record(row)

    async def get(self, stream: StreamId, /) -> S:
        """The stream, as new when nothing was written of it."""
        return await self.find(stream) or self.new(stream)

    async def lock(self, stream: StreamId, /) -> S:
        """The stream under the lock that the bus holds around its events."""
        await lock_subjects(self.transaction, stream)
        return await self.get(stream)

    async def put(self, stream: S, /) -> None:
        """Add it or replace it. The time of its end is that of the word that ended it, and goes when it is active again."""
        values: dict[str, Any] = {**self.values(stream), "state": stream.state, "attempt": stream.attempt}
        new = insert(self.TABLE).values(
            organization_id=self.organization,
            stream_id=stream.id,
            lane=self.lane,
            ended_at=None if stream.active else sa.func.now(),
            **values,
        )
        known, said = self.TABLE.c, new.excluded
        repeated = sa.and_(known.state == said.state, known.attempt == said.attempt, said.ended_at.is_not(None))
        values["ended_at"] = sa.case((repeated, sa.func.coalesce(known.ended_at, said.ended_at)), else_=said.ended_at)
        await self.transaction.execute(new.on_conflict_do_update(index_elements=["stream_id"], set_=values))

    async def forget(self, stream: StreamId, /) -> None:
        """Delete all that hangs on it."""
        for table in self.OF_STREAM:
            await self.transaction.execute(sa.delete(table).where(table.c.stream_id == stream))
