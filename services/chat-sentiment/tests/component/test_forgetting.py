"""What viewers wrote is gone when it is not needed, and is shown to nobody."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tldr_bus import lock_subjects
from tldr_chat_sentiment.adapters.retention_postgres import ChatRetention
from tldr_chat_sentiment.adapters.tables import streams
from tldr_chat_sentiment.domain.measuring.memory import ChatMemory
from tldr_streams.retention import StreamRetention


@pytest.mark.parametrize("decision", ["cancelled", "deleted", "completed"])
async def test_a_stream_that_is_over_is_forgotten_but_for_its_row(desk: Any, chat: Any, decision: str) -> None:
    await desk.tell(chat.window(0))
    await desk.measure(chat.stream)
    await desk.tell(chat.window(1), chat.decided(decision), chat.window(2), chat.ended(30))
    await desk.tell(chat.decided("requested", priority=1, attempt=1), chat.decided("retried", attempt=2))
    assert await desk.kept(chat.stream) == await desk.waiting(chat.stream) == []
    await desk.measure(chat.stream)
    assert len(await desk.published(chat.stream)) == 1
    async with desk.open() as work:
        assert await work.streams.memory(chat.stream) == ChatMemory()
    closed = await desk.fetch("SELECT closed_at FROM outbox_subjects WHERE subject = $1", chat.stream)
    assert closed[0]["closed_at"]


async def test_chat_of_a_failed_stream_becomes_a_gap_in_time(desk: Any, chat: Any) -> None:
    await desk.tell(chat.window(0), chat.stored(1, "chat/1"), chat.decided("failed", attempt=1))
    retention = ChatRetention(desk.database)
    now = datetime.now(UTC)
    await retention.expire(now - timedelta(hours=1))
    assert (await desk.kept(chat.stream))[0]["content"]

    await retention.expire(now + timedelta(hours=1))
    assert [(row["kind"], row["content"], row["key"]) for row in await desk.kept(chat.stream)] == [
        ("gap", None, None)
    ] * 2
    await desk.tell(chat.decided("retried", attempt=2))
    await desk.measure(chat.stream)
    facts = await desk.published(chat.stream)
    assert [(fact.gap.code, fact.complete_until_ms) for fact in facts] == [
        ("chat_expired", 10_000),
        ("chat_expired", 20_000),
    ]


async def test_a_stream_is_forgotten_with_all_of_it(desk: Any, chat: Any) -> None:
    await desk.tell(chat.window(0), chat.decided("failed", attempt=1))
    retention = StreamRetention(desk.database, streams)
    await desk.fetch("UPDATE streams SET ended_at = now() - interval '40 days' WHERE stream_id = $1", chat.stream)
    await retention.sweep(datetime.now(UTC), timedelta(days=41))
    assert len(await desk.kept(chat.stream)) == 1
    await retention.sweep(datetime.now(UTC), timedelta(days=39))
    assert await desk.kept(chat.stream) == []


async def test_a_stream_that_was_retried_is_not_forgotten(desk: Any, chat: Any) -> None:
    await desk.tell(chat.window(0), chat.decided("failed", attempt=1))
    await desk.fetch("UPDATE streams SET ended_at = now() - interval '40 days' WHERE stream_id = $1", chat.stream)
    await desk.tell(chat.decided("retried", attempt=2))
    await StreamRetention(desk.database, streams).sweep(datetime.now(UTC), timedelta(days=39))
    assert len(await desk.kept(chat.stream)) == 1


async def test_another_organization_sees_nothing(desk: Any, chat: Any) -> None:
    await desk.tell(chat.window(0))
    async with desk.database.tenant("org_of_somebody_else") as transaction:
        work = desk.work(transaction, "org_of_somebody_else", 0)
        await lock_subjects(transaction, chat.stream)
        assert await work.arrivals.head(chat.stream, 10) == []
        assert (await work.streams.get(chat.stream)).arrivals == 0


async def test_words_of_viewers_are_shown_by_no_value_and_no_error(desk: Any, chat: Any) -> None:
    await desk.tell(chat.window(0, "a secret"))
    async with desk.open() as work:
        (first,) = await work.arrivals.head(chat.stream, 10)
        assert "a secret" not in repr(first)
        with pytest.raises(Exception, match="arrivals_pkey") as raised:
            await work.arrivals.append(chat.stream, [first])
    assert "secret" not in str(raised.value)
