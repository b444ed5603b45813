"""Statistics are what the log says, of the messages of the days that were asked for."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest_asyncio

from tldr_contracts.ids import earliest_id
from tldr_database import Database
from tldr_webhook_dispatcher.adapters.endpoints.endpoints_postgres import PostgresEndpoints
from tldr_webhook_dispatcher.adapters.messages.messages_postgres import PostgresMessages
from tldr_webhook_dispatcher.adapters.messages.statistics_postgres import PostgresStatistics
from tldr_webhook_dispatcher.application.messages.view_statistics import ViewStatistics
from tldr_webhook_dispatcher.domain.messages.message import Attempt, DeliveryState
from tldr_webhook_dispatcher.domain.messages.statistics import Failures, Statistics

TODAY = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)


class Log:
    """An endpoint of an organization, and what is sent to it."""

    def __init__(self, memory: Any, transaction: Any) -> None:
        self.memory, self.transaction = memory, transaction
        memory.clock.time = TODAY
        self.endpoint = memory.endpoint()
        self.messages = PostgresMessages(transaction, memory.organization)
        self.made = 0

    async def message(self, at: datetime, state: DeliveryState, *attempts: tuple[int | None, str | None, int]) -> None:
        self.made += 1
        id = f"{earliest_id('msg', at)}{self.made:020x}"
        message = self.memory.message(self.endpoint, id=id, created_at=at, state=state, next_attempt_at=None)
        await self.messages.add(message)
        for status, error, duration in attempts:
            await self.messages.record(message, Attempt(at, status, error, duration))

    async def view(self, days: int) -> tuple[list[str], Statistics]:
        view = ViewStatistics(PostgresStatistics(self.transaction), self.memory.clock)
        asked, found = await view(self.endpoint.id, days)
        return [day.isoformat() for day in asked], found


@pytest_asyncio.fixture
async def log(memory: Any, database: Database) -> AsyncIterator[Log]:
    async with database.tenant(memory.organization) as transaction:
        log = Log(memory, transaction)
        await PostgresEndpoints(transaction).add(log.endpoint)
        yield log


async def test_an_endpoint_without_messages_has_figures_all_the_same(log: Log) -> None:
    assert await log.view(2) == (["2026-11-22", "2026-11-23"], Statistics({}, 0, [], None, None))


async def test_messages_are_counted_by_their_day_and_state_and_attempts_by_what_came_of_them(log: Log) -> None:
    refused, late = (500, None, 10), (None, "deadline_exceeded", 1500)
    await log.message(TODAY, DeliveryState.PENDING, refused, refused)
    await log.message(TODAY, DeliveryState.PENDING)
    await log.message(TODAY - timedelta(hours=1), DeliveryState.DELIVERED, late, (204, None, 30))
    await log.message(TODAY - timedelta(hours=24, minutes=30), DeliveryState.ABANDONED, (410, None, 20))
    await log.message(TODAY - timedelta(hours=24, minutes=31), DeliveryState.ABANDONED, refused)
    days, found = await log.view(2)
    assert days == ["2026-11-22", "2026-11-23"]
    assert {day.isoformat(): counts for day, counts in found.days.items()} == {
        "2026-11-23": {DeliveryState.PENDING: 2},
        "2026-11-22": {DeliveryState.DELIVERED: 1, DeliveryState.ABANDONED: 1},
    }
    assert found.failures == [Failures(500, None, 2), Failures(410, None, 1), Failures(None, "deadline_exceeded", 1)]
    assert (found.attempts, found.p50_ms, found.p95_ms) == (5, 20, 1500)
    assert (await log.view(1))[1].attempts == 2
    assert sum(sum(counts.values()) for counts in (await log.view(30))[1].days.values()) == 5


async def test_another_endpoint_and_another_organization_count_nothing(
    log: Log, database: Database, memory: Any
) -> None:
    await log.message(TODAY, DeliveryState.DELIVERED, (204, None, 10))
    other = ViewStatistics(PostgresStatistics(log.transaction), memory.clock)
    assert (await other("whe_other", 30))[1].attempts == 0
    async with database.tenant("org_other") as transaction:
        stranger = ViewStatistics(PostgresStatistics(transaction), memory.clock)
        assert (await stranger(log.endpoint.id, 30))[1] == Statistics({}, 0, [], None, None)
