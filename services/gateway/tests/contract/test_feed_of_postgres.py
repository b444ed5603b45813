"""What feeds tell, kept in PostgreSQL: numbered without holes, read for many streams at once, bounded."""

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text

from tldr_contracts.ids import StreamId
from tldr_database import Database
from tldr_gateway.adapters.accounts.organizations_postgres import PostgresOrganizations
from tldr_gateway.adapters.feed.feed_postgres import MOST_KEPT, PostgresFeedLog, PostgresFeedReader
from tldr_gateway.adapters.feed.listener_postgres import FeedListener
from tldr_gateway.adapters.streams.streams_postgres import PostgresStreams
from tldr_gateway.adapters.sweeps_postgres import PostgresSweeps
from tldr_gateway.domain.accounts.account import Organization
from tldr_gateway.domain.feed.news import gap_news
from tldr_gateway.domain.members.member import Member, Role
from tldr_gateway.domain.streams.live import LiveState, SourceState
from tldr_gateway.domain.streams.stream import State
from tldr_testing import NOW, eventually


@dataclass
class Shelf:
    """Streams of one organization, and the reader of all."""

    database: Database
    memory: Any

    async def stream(self, **changes: Any) -> StreamId:
        """A new stream."""
        stream = self.memory.stream(**changes)
        async with self.database.tenant(stream.organization) as transaction:
            await PostgresStreams(transaction, stream.organization).add(stream)
            if stream.live:
                await PostgresStreams(transaction, stream.organization).sourced(stream.id, stream.live)
        return StreamId(stream.id)

    async def tell(self, stream: StreamId, count: int = 1) -> None:
        """So much news."""
        async with self.database.tenant(self.memory.organization) as transaction:
            for number in range(count):
                await PostgresFeedLog(transaction).tell(stream, gap_news(stream, NOW, {"start_ms": number}))

    @property
    def reader(self) -> PostgresFeedReader:
        return PostgresFeedReader(self.database)


@pytest.fixture
async def shelf(database: Database, memory: Any) -> Shelf:
    owner = Member(f"usr_{memory.organization}", memory.organization, f"{memory.organization}@e.com", Role.OWNER, NOW)
    async with database.tenant(memory.organization) as transaction:
        organization = Organization(memory.organization, "Example", "free", 1, NOW)
        await PostgresOrganizations(transaction).add(organization, owner)
    return Shelf(database, memory)


async def test_news_is_numbered_by_stream_and_read_behind_a_mark(shelf: Shelf) -> None:
    first, second = await shelf.stream(), await shelf.stream()
    await shelf.tell(first, 3)
    await shelf.tell(second, 2)
    found = await shelf.reader.after({first: 1, second: 0, StreamId("str_gone"): 0}, limit=10)
    assert {stream: [told.number for told in tailed.told] for stream, tailed in found.items()} == {
        first: [2, 3],
        second: [1, 2],
    }
    assert found[first].told[0].news == gap_news(first, NOW, {"start_ms": 1})
    page = await shelf.reader.after({first: 0}, limit=2)
    assert ([told.number for told in page[first].told], page[first].last) == ([1, 2], 3)
    seen = await shelf.reader.after({first: 3}, limit=2)
    assert (list(seen[first].told), seen[first].last) == ([], 3)


async def test_writers_of_one_stream_share_no_number(shelf: Shelf) -> None:
    stream = await shelf.stream()
    await asyncio.gather(*(shelf.tell(stream, 5) for _ in range(4)))
    found = await shelf.reader.after({stream: 0}, limit=100)
    assert [told.number for told in found[stream].told] == list(range(1, 21))


async def test_news_that_was_rolled_back_was_never_told(shelf: Shelf) -> None:
    stream = await shelf.stream()
    async with shelf.database.tenant(shelf.memory.organization) as transaction:
        await PostgresFeedLog(transaction).tell(stream, gap_news(stream, NOW, {}))
        await transaction.rollback()
        await transaction.begin()
    await shelf.tell(stream)
    found = await shelf.reader.after({stream: 0}, limit=10)
    assert [told.number for told in found[stream].told] == [1]


async def test_of_a_stream_only_so_much_is_kept(shelf: Shelf) -> None:
    stream = await shelf.stream()
    await shelf.tell(stream, 3)
    async with shelf.database.system() as transaction:
        later = text("UPDATE streams SET feed_number = :last WHERE stream_id = :stream")
        await transaction.execute(later, {"last": MOST_KEPT + 1, "stream": stream})
    await shelf.tell(stream)
    found = await shelf.reader.after({stream: 0}, limit=10)
    assert [told.number for told in found[stream].told] == [3, MOST_KEPT + 2]


async def test_old_news_is_forgotten_and_goes_with_its_stream(shelf: Shelf) -> None:
    stream, other = await shelf.stream(), await shelf.stream()
    await shelf.tell(stream)
    await shelf.tell(other)
    await PostgresSweeps(shelf.database).forget_news(NOW)
    assert len((await shelf.reader.after({stream: 0}, limit=10))[stream].told) == 1
    async with shelf.database.tenant(shelf.memory.organization) as transaction:
        await PostgresStreams(transaction, shelf.memory.organization).delete(other)
        await PostgresFeedLog(transaction).tell(other, gap_news(other, NOW, {}))
    assert other not in await shelf.reader.after({other: 0}, limit=10)
    await PostgresSweeps(shelf.database).forget_news(NOW + timedelta(seconds=1))
    assert list((await shelf.reader.after({stream: 0}, limit=10))[stream].told) == []


async def test_a_listener_hears_of_each_stream_when_it_is_committed(shelf: Shelf) -> None:
    stream, heard = await shelf.stream(), list[str]()
    listening = asyncio.create_task(FeedListener(shelf.database.address.system, heard.append).run())
    try:
        await eventually(lambda: _true("" in heard))
        await shelf.tell(stream, 2)
        await eventually(lambda: _true(stream in heard))
        async with shelf.database.tenant(shelf.memory.organization) as transaction:
            await PostgresFeedLog(transaction).gone(StreamId("str_gone"))
        await eventually(lambda: _true("str_gone" in heard))
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


async def test_a_listener_that_loses_its_connection_says_so_by_ending(shelf: Shelf) -> None:
    heard: list[str] = []
    listening = asyncio.create_task(FeedListener(shelf.database.address.system, heard.append).run())
    await eventually(lambda: _true("" in heard))
    connection = await asyncpg.connect(shelf.database.address.system)
    try:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tldr-feeds'"
            " AND datname = current_database() AND usename = current_user"
        )
    finally:
        await connection.close()
    async with asyncio.timeout(10):
        await listening


async def test_a_source_that_is_waited_for_is_not_quiet(shelf: Shelf) -> None:
    sweeps, hour = PostgresSweeps(shelf.database), timedelta(hours=1)
    waiting = LiveState(SourceState.WAITING, NOW, quiet_until=NOW + 5 * hour)
    stream = await shelf.stream(live=waiting)
    broken = replace(waiting, state=SourceState.INTERRUPTED, quiet_until=NOW + hour)
    other = await shelf.stream(state=State.PROCESSING, live=broken)
    async with shelf.database.system() as transaction:
        heard = text("UPDATE streams SET moved_at = :at WHERE stream_id IN (:one, :two)")
        await transaction.execute(heard, {"at": NOW, "one": stream, "two": other})

    async def quiet(at: Any) -> set[Any]:
        return {found.stream for found in await sweeps.quiet(working_since=at, waiting_since=at)} & {stream, other}

    assert await quiet(NOW + hour / 2) == set()
    assert await quiet(NOW + 2 * hour) == {other}
    assert await quiet(NOW + 6 * hour) == {stream, other}


async def _true(value: bool) -> bool:
    return value
