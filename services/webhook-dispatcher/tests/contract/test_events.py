"""What readers of events rely on, over PostgreSQL and over the memory that unit tests use."""

import asyncio
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from tldr_contracts.ids import new_id
from tldr_database import Database
from tldr_testing import NOW, eventually
from tldr_webhook_dispatcher.adapters.messages.events_postgres import PostgresEvents
from tldr_webhook_dispatcher.adapters.retention_postgres import PostgresRetention
from tldr_webhook_dispatcher.domain.messages.event import Event


async def added(events: Any, **about: Any) -> Event:
    number = await events.next_number()
    event = Event(new_id("msg"), number, "stream.failed", b'{"a":"\xe2\x98\x83"}', **{"created_at": NOW, **about})
    await events.add(event)
    return event


async def test_events_come_back_in_their_order_page_by_page(ports: Any) -> None:
    assert await ports.events.last_number() == 0
    first, second, third = [await added(ports.events) for _ in range(3)]
    assert [one.number for one in (first, second, third)] == [1, 2, 3]
    assert list(await ports.events.page(0, 2)) == [first, second]
    assert list(await ports.events.page(2, 2)) == [third]
    assert list(await ports.events.page(3, 2)) == []
    assert await ports.events.number_of(second.id) == 2
    assert await ports.events.number_of("msg_none") is None
    assert await ports.events.last_number() == 3


async def test_a_highlight_is_known_by_its_latest_revision(ports: Any) -> None:
    assert await ports.events.notified("hl_1") is None
    for revision in (3, 1):
        await added(ports.events, highlight="hl_1", revision=revision)
    assert await ports.events.notified("hl_1") == 3
    assert await ports.events.notified("hl_2") is None


async def test_of_an_organization_that_is_gone_no_event_is_kept_or_taken(ports: Any) -> None:
    await added(ports.events)
    await ports.events.close()
    assert list(await ports.events.page(0, 9)) == []
    assert await ports.events.next_number() is None


async def test_an_event_of_a_transaction_that_ends_later_has_no_place_before_one_that_was_read(
    database: Database, organization: str
) -> None:
    async def another() -> None:
        async with database.tenant(organization) as transaction:
            await added(PostgresEvents(transaction, organization), highlight="later")

    async def waits() -> bool:
        query = text("SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'")
        async with database.system() as transaction:
            return bool(list(await transaction.execute(query)))

    async def read() -> list[tuple[int, str | None]]:
        async with database.tenant(organization) as transaction:
            page = await PostgresEvents(transaction, organization).page(0, 9)
            return [(one.number, one.highlight) for one in page]

    async with database.tenant(organization) as transaction:
        await added(PostgresEvents(transaction, organization), highlight="earlier")
        behind = asyncio.create_task(another())
        await eventually(waits)
        assert await read() == []
    await behind
    assert await read() == [(1, "earlier"), (2, "later")]


async def test_a_place_that_was_given_back_is_given_again(database: Database, organization: str) -> None:
    class Undone(Exception):
        pass

    try:
        async with database.tenant(organization) as transaction:
            await added(PostgresEvents(transaction, organization))
            raise Undone
    except Undone:
        pass
    async with database.tenant(organization) as transaction:
        assert (await added(PostgresEvents(transaction, organization))).number == 1


async def test_old_events_are_forgotten_and_their_places_are_not_given_again(
    database: Database, organization: str
) -> None:
    async with database.tenant(organization) as transaction:
        for days in (9, 8, 1):
            await added(PostgresEvents(transaction, organization), created_at=NOW - timedelta(days=days))
    await PostgresRetention(database, batch=1).forget(NOW - timedelta(days=7))
    async with database.tenant(organization) as transaction:
        events = PostgresEvents(transaction, organization)
        assert [one.number for one in await events.page(0, 9)] == [3]
        assert (await added(events)).number == 4
