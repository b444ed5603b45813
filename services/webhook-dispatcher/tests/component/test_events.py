"""A receiver that has missed webhooks finds and reads them in the feed of events."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from tldr_contracts.ids import new_id
from tldr_testing import eventually, refused
from tldr_testing.contents import everything_in


async def read(customer: Any, **params: Any) -> dict[str, Any]:
    answer = await customer.http.get("/internal/events", params=params)
    found: dict[str, Any] = answer.raise_for_status().json()
    return found


async def all_of(customer: Any, limit: int = 2, after: int = 0) -> list[dict[str, Any]]:
    """Every event, page by page."""
    found, more = [], True
    while more:
        page = await read(customer, after=after, limit=limit)
        found += page["events"]
        after, more = page["after"], page["more"]
    return found


async def so_many(customer: Any, count: int) -> list[dict[str, Any]]:
    async def look() -> list[dict[str, Any]] | None:
        events = await all_of(customer, limit=500)
        return events if len(events) == count else None

    return await eventually(look)


async def cancel(customer: Any, sample: Callable[[str, str], Any], count: int) -> None:
    """Something to tell: streams of one lane are cancelled, one after the other."""
    before = len(await all_of(customer, limit=500))
    for _ in range(count):
        event = sample("tldr.streams.v1", "cancelled")
        await customer.dispatcher.publish(event, organization=customer.organization, subject=new_id("str"), lane=5)
    await so_many(customer, before + count)


async def test_what_was_lost_while_an_endpoint_was_switched_off_is_read_in_the_feed(
    customer: Any, sample: Callable[[str, str], Any]
) -> None:
    customer.receiver.answers["/gaps"] = [204, 204, 410]
    endpoint = await customer.listens("/gaps")
    path = f"/internal/endpoints/{endpoint['id']}"
    await cancel(customer, sample, 3)

    async def off() -> bool:
        return not (await customer.http.get(path)).json()["enabled"]

    await eventually(off)
    await cancel(customer, sample, 2)
    customer.receiver.answers["/gaps"] = [204]
    await customer.http.patch(path, json={"enabled": True})
    await cancel(customer, sample, 1)

    async def took() -> list[Any] | None:
        got = customer.receiver.at("/gaps")
        return got if len(got) == 4 else None

    # Three came, the third of which was answered with 410; then two were lost, and one came.
    got = await eventually(took)
    taken = {one.headers["webhook-id"]: one.body for one in (*got[:2], got[3])}
    events = await all_of(customer)
    assert len(events) == 6
    missed = [event for event in events if event["message_id"] not in taken]
    assert [event["message_id"] for event in events if event not in missed] == list(taken)
    assert [events.index(event) for event in missed] == [2, 3, 4]
    for event in events:
        if event not in missed:
            assert event["payload"] == json.loads(taken[event["message_id"]])
    # The same from the last webhook before the gap.
    behind = await read(customer, after_message=got[1].headers["webhook-id"])
    assert behind["events"] == events[2:]
    log = {entry["message_id"] for entry in await customer.log(endpoint["id"])}
    assert {event["message_id"] for event in missed} - log == {event["message_id"] for event in missed[1:]}


async def test_events_of_many_streams_at_once_are_read_without_a_gap_while_they_come(
    customer: Any, sample: Callable[[str, str], Any]
) -> None:
    read_on: list[dict[str, Any]] = []

    async def follow() -> None:
        after = 0
        while len(read_on) < 40:
            page = await read(customer, after=after, limit=7)
            read_on.extend(page["events"])
            after = page["after"]

    async def publish(lane: int) -> None:
        for _ in range(5):
            event = sample("tldr.streams.v1", "cancelled")
            organization = customer.organization
            await customer.dispatcher.publish(event, organization=organization, subject=new_id("str"), lane=lane)

    async with asyncio.timeout(30):
        await asyncio.gather(follow(), *(publish(lane) for lane in range(8)))
    whole = await all_of(customer, limit=500)
    assert read_on == whole
    assert len({event["message_id"] for event in whole}) == 40


async def test_events_of_several_organizations_at_once_do_not_wait_for_one_another_without_end(
    new_customer: Callable[[], Any], sample: Callable[[str, str], Any], caplog: pytest.LogCaptureFixture
) -> None:
    customers = [await new_customer() for _ in range(4)]
    await customers[0].listens("/many")

    async def publish(lane: int) -> None:
        for number in range(20):
            customer = customers[(number * (1 if lane % 2 else 3) + lane) % 4]
            event, organization = sample("tldr.streams.v1", "cancelled"), customer.organization
            await customer.dispatcher.publish(event, organization=organization, subject=new_id("str"), lane=lane)

    await asyncio.gather(*(publish(lane) for lane in range(16)))
    for customer in customers:
        await so_many(customer, 80)
    assert "deadlock" not in caplog.text


async def test_an_organization_reads_its_own_events_until_it_is_gone(
    new_customer: Callable[[], Any], sample: Callable[[str, str], Any]
) -> None:
    mine, other = await new_customer(), await new_customer()
    assert await read(mine) == {"events": [], "after": 0, "more": False}
    await cancel(mine, sample, 1)
    (event,) = await all_of(mine)
    refused(
        await other.http.get("/internal/events", params={"after_message": event["message_id"]}), 404, "event_not_found"
    )
    assert await all_of(other) == []
    for table in ("events", "feeds"):
        async with other.dispatcher.database.tenant(other.organization) as transaction:
            whole = text(f"SELECT 1 FROM {table} WHERE organization_id = :organization")
            assert list(await transaction.execute(whole, {"organization": mine.organization})) == []
    gone = sample("tldr.organizations.v1", "deleted")
    await mine.dispatcher.publish(gone, organization=mine.organization, subject=mine.organization)

    async def forgotten() -> bool:
        return event["message_id"] not in await everything_in(mine.dispatcher.database)

    await eventually(forgotten)
