"""Rows of followed streams: since when one is not worked on any more, and what goes when it was kept long enough."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
import sqlalchemy as sa

from tldr_contracts.ids import StreamId
from tldr_database import Database, provision
from tldr_database.schema import open_schema, tenant_table
from tldr_streams.retention import StreamRetention
from tldr_streams.rows import StreamRows, stream_table, stream_values
from tldr_streams.state import FollowedStream, StreamState

SERVICE = "streams-rows"
TABLE = stream_table(sa.MetaData(), sa.Column("days", sa.Integer))
END = StreamState.COMPLETED


class Rows(StreamRows[FollowedStream]):
    """Streams of which a service keeps nothing else."""

    TABLE = TABLE

    def new(self, stream: StreamId) -> FollowedStream:
        return FollowedStream(stream)

    def record(self, row: Any) -> FollowedStream:
        return FollowedStream(**stream_values(row))

    def values(self, stream: FollowedStream) -> Mapping[str, Any]:
        return {}


@pytest_asyncio.fixture(scope="module")
async def database(postgres_admin: str) -> AsyncIterator[Database]:
    address = await provision(postgres_admin, SERVICE, "secret")
    statements: list[str] = []
    open_schema(statements.append, SERVICE)
    statements.append(
        "CREATE TABLE streams (organization_id text, stream_id text PRIMARY KEY, lane integer, state text, attempt integer,"
        " days integer NOT NULL DEFAULT 3, created_at timestamptz NOT NULL DEFAULT now(), ended_at timestamptz)"
    )
    tenant_table(statements.append, SERVICE, "streams")
    owner = await asyncpg.connect(address.owner)
    for statement in statements:
        await owner.execute(statement)
    await owner.close()
    database = Database.connect(address, service_connections=1, system_connections=1)
    yield database
    await database.close()


class Kept:
    """One stream in its table."""

    def __init__(self, database: Database, organization: str, stream: str) -> None:
        self.database, self.organization, self.stream = database, organization, FollowedStream(StreamId(stream))

    async def put(self, stream: FollowedStream) -> datetime | None:
        """Write it as it is now; since when it is not worked on."""
        async with self.database.tenant(self.organization) as transaction:
            await Rows(transaction, self.organization, 5).put(stream)
            ended: datetime | None = (await transaction.execute(sa.select(TABLE.c.ended_at))).scalar_one()
            return ended

    async def expired(self, days: float, kept: Any, *having: Any) -> bool:
        """Whether it was kept long enough, so many days from now."""
        retention = StreamRetention(self.database, TABLE)
        found = await retention.expired(datetime.now(UTC) + timedelta(days=days), kept, *having)
        return self.stream.id in [one.stream for one in found]


@pytest.fixture
async def kept(database: Database, organization: str, stream: str) -> AsyncIterator[Kept]:
    yield Kept(database, organization, stream)
    async with database.tenant(organization) as transaction:
        await transaction.execute(sa.delete(TABLE))


@pytest.mark.parametrize("ended", [FollowedStream.failed, lambda stream, _: stream.finished(END)])
async def test_what_is_written_of_an_ended_stream_later_does_not_move_its_end(kept: Kept, ended: Any) -> None:
    first = await kept.put(ended(kept.stream, 1))
    assert first is not None
    assert await kept.put(ended(kept.stream, 1)) == first


async def test_the_word_that_outdoes_an_end_and_the_end_of_a_later_attempt_are_ends_of_their_own(kept: Kept) -> None:
    ends = [
        await kept.put(stream)
        for stream in (kept.stream.failed(1), kept.stream.failed(2), kept.stream.finished(END), kept.stream.failed(3))
    ]
    assert None not in ends
    assert len(set(ends)) == len(ends)


async def test_a_stream_that_is_worked_on_again_has_no_end(kept: Kept) -> None:
    failed = kept.stream.failed(1)
    before = await kept.put(failed)
    assert await kept.put(failed.at_attempt(2)) is None
    assert await kept.put(failed.at_attempt(2).failed(2)) != before


async def test_how_long_a_stream_is_kept_may_be_a_matter_of_its_row(kept: Kept) -> None:
    await kept.put(kept.stream.finished(END))
    by_row = sa.func.make_interval(0, 0, 0, TABLE.c.days, type_=sa.Interval)
    assert not await kept.expired(2.9, by_row)
    assert await kept.expired(3.1, by_row)
    assert await kept.expired(3.1, by_row, TABLE.c.lane == 5)
    assert not await kept.expired(3.1, by_row, TABLE.c.lane == 6)


async def test_a_stream_without_an_end_is_kept_three_times_as_long(kept: Kept) -> None:
    await kept.put(kept.stream)
    assert not await kept.expired(2.9, timedelta(days=1))
    assert await kept.expired(3.1, timedelta(days=1))
    assert not await kept.expired(3.1, timedelta(days=1), TABLE.c.ended_at.is_not(None))
