"""The service as it runs: chat in from Kafka, signals out to Kafka, questions over HTTP."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest_asyncio

from tldr_chat_sentiment.bootstrap import DEFINITION
from tldr_contracts.topics import CHAT_SIGNALS
from tldr_embedded import Servers
from tldr_storage import bucket_of
from tldr_testing import Hosted, Hosting, Recorder, eventually

LANE = 5


@pytest_asyncio.fixture(scope="module")
async def service(servers: Servers) -> AsyncIterator[Hosted]:
    """One for all tests here: joining its groups takes the embedded broker five seconds."""
    async with AsyncExitStack() as parts:
        yield await Hosting(servers, parts)(DEFINITION)


@pytest_asyncio.fixture(scope="module")
async def signals(service: Hosted) -> Recorder:
    return await service.recorder(CHAT_SIGNALS)


async def say(service: Hosted, organization: str, chat: Any, *messages: Any) -> None:
    for message in messages:
        await service.publish(message, organization=organization, subject=chat.stream, lane=LANE)


async def test_a_chat_becomes_signals_and_its_progress_can_be_asked_for(
    service: Hosted, signals: Recorder, organization: str, chat: Any
) -> None:
    stored = await service.objects.put(
        bucket_of(organization), "chat/1", chat.messages(1).SerializeToString(), "application/protobuf"
    )
    by_reference = chat.stored(1, "chat/1", stored.sha256)
    by_reference.window_read.object.bucket = stored.bucket
    missing = chat.stored(2, "chat/2")
    missing.window_read.object.bucket = stored.bucket
    await say(service, organization, chat, chat.window(0), by_reference, missing, chat.window(3), chat.ended(40))
    recorded = await signals.until(chat.stream, "ended")

    rates: dict[int, float] = {}
    for measured in recorded.of_kind("measured"):
        (rate,) = (series for series in measured.series if series.name == "chat.rate")
        rates |= dict(enumerate(rate.values, rate.start_s))
    assert rates == dict.fromkeys((*range(20), *range(30, 40)), 1.0)
    (gap,) = recorded.of_kind("gap_found")
    assert (gap.gap.range.start_ms, gap.gap.range.end_ms, gap.gap.code) == (20_000, 30_000, "chat_object_missing")
    until = [event.fact.complete_until_ms for event in recorded.events if event.kind != "ended"]  # type: ignore[attr-defined]
    assert until == sorted(until)
    assert until[-1] == 40_000
    assert recorded.events[-1].kind == "ended"
    assert {(event.lane, event.organization) for event in recorded.events} == {(LANE, organization)}

    async with service.asking(organization) as client:
        answer = await client.get(f"/internal/streams/{chat.stream}/progress")
    assert answer.json() == {"complete_until_ms": 40_000, "ended": True}
    async with service.asking("org_of_somebody_else") as client:
        answer = await client.get(f"/internal/streams/{chat.stream}/progress")
    assert answer.json() == {"complete_until_ms": 0, "ended": False}


async def test_nobody_asks_without_a_token(service: Hosted, chat: Any) -> None:
    async with service.asking("org_1") as client:
        answer = await client.get(f"/internal/streams/{chat.stream}/progress", headers={"authorization": "Bearer no"})
    assert answer.status_code == 401


async def test_a_cancelled_stream_is_dropped_and_others_go_on(
    service: Hosted, signals: Recorder, organization: str, chat: Any, chat_of: Any
) -> None:
    other = chat_of(f"{chat.stream}b")
    await say(service, organization, chat, chat.decided("cancelled"))

    async def dropped() -> bool:
        async with service.database.tenant(organization) as transaction:
            found = await transaction.exec_driver_sql("SELECT state FROM streams")
            return "cancelled" in found.scalars().all()

    await eventually(dropped)
    await say(service, organization, chat, chat.window(0), chat.ended(10))
    await say(service, organization, other, other.window(0), other.ended(10))
    await signals.until(other.stream, "ended")
    assert (await signals.of(chat.stream)).events == []


async def test_an_event_that_comes_twice_counts_once_also_after_a_restart(
    service: Hosted, signals: Recorder, organization: str, chat: Any
) -> None:
    window, end = chat.window(0), chat.ended(10)
    again = await service.publish(window, organization=organization, subject=chat.stream, lane=LANE)
    await service.stop()
    await service.publish(window, organization=organization, subject=chat.stream, lane=LANE, event_id=again)
    await service.start()
    await say(service, organization, chat, end)
    recorded = await signals.until(chat.stream, "ended")
    assert [event.kind for event in recorded.events] == ["measured", "ended"]
