"""What readers promise about effects: once, in order, for one organization at a time, however often a record comes."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import asyncpg
import pytest

from tldr_bus import PostgresOutbox, Received, replay_since
from tldr_database import Transaction, driver

if TYPE_CHECKING:
    from libs.bus.tests.contract.conftest import Service

Eventually = Callable[..., Awaitable[None]]
EFFECT = "INSERT INTO effects (organization_id, subject, note) VALUES ($1, $2, $3)"


async def test_published_facts_have_their_effects_in_order(
    gateway: "Service", ingest: "Service", stream: str, eventually: Eventually
) -> None:
    await gateway.publish("org_a", stream, "first", "second")
    await gateway.publish("org_a", stream, "third")
    await eventually(lambda: ingest.has_effects(stream, "first", "second", "third"))


async def test_a_transaction_that_rolls_back_publishes_nothing(
    gateway: "Service", ingest: "Service", stream: str, eventually: Eventually
) -> None:
    async def change_ones_mind() -> None:
        async with gateway.database.tenant("org_a") as transaction:
            await PostgresOutbox("gateway").append(transaction, gateway.publication("org_a", stream, "taken back"))
            raise LookupError

    with pytest.raises(LookupError):
        await change_ones_mind()
    await gateway.publish("org_a", stream, "after")
    await eventually(lambda: ingest.has_effects(stream, "after"))


async def test_only_the_organization_a_transaction_is_bound_to_can_publish_in_it(
    gateway: "Service", stream: str
) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with gateway.database.tenant("org_a") as transaction:
            await PostgresOutbox("gateway").append(transaction, gateway.publication("org_b", stream, "not mine"))


async def test_the_second_publisher_of_a_stream_waits_for_the_first_and_comes_after_it(
    gateway: "Service", ingest: "Service", stream: str, eventually: Eventually
) -> None:
    async with gateway.database.tenant("org_a") as transaction:
        await PostgresOutbox("gateway").append(transaction, gateway.publication("org_a", stream, "first"))
        second = asyncio.create_task(gateway.publish("org_a", stream, "second"))
        await asyncio.wait({second}, timeout=0.2)
        assert not second.done()
    await second
    await eventually(lambda: ingest.has_effects(stream, "first", "second"))


async def test_streams_published_side_by_side_each_keep_their_order(
    gateway: "Service", ingest: "Service", stream: str, eventually: Eventually
) -> None:
    async def publish(number: int) -> None:
        for step in range(12):
            await gateway.publish("org_a", f"{stream}_{number}", f"{step}a", f"{step}b", lane=number * 5)

    await asyncio.gather(*(publish(number) for number in range(8)))
    expected = [f"{step}{half}" for step in range(12) for half in "ab"]
    for number in range(8):
        await eventually(lambda name=f"{stream}_{number}": ingest.has_effects(name, *expected))


async def test_records_that_come_again_change_nothing(
    gateway: "Service", ingest: "Service", stream: str, eventually: Eventually
) -> None:
    started = datetime.now(UTC) - timedelta(seconds=1)
    await gateway.publish("org_a", stream, "one", "two", "three")
    await eventually(lambda: ingest.has_effects(stream, "one", "two", "three"))
    assert await replay_since(gateway.database, started) >= 3
    await gateway.publish("org_a", stream, "four")
    await eventually(lambda: ingest.has_effects(stream, "one", "two", "three", "four"))


async def test_a_record_that_is_several_times_in_a_batch_has_one_effect(
    gateway: "Service", ingest: "Service", stream: str, eventually: Eventually
) -> None:
    record = gateway.record("org_a", stream, "once")
    await gateway.send(record, record, record, gateway.record("org_a", stream, "last"))
    await eventually(lambda: ingest.has_effects(stream, "once", "last"))


async def test_events_that_come_together_may_be_handled_together(
    gateway: "Service", ingest: "Service", stream: str, eventually: Eventually
) -> None:
    titles = [str(number) for number in range(20)]
    await gateway.send(*(gateway.record("org_a", stream, title, lane=11) for title in titles))
    await eventually(lambda: ingest.has_effects(stream, *titles))
    sizes = [len(batch) for batch in ingest.batches if stream in batch]
    assert sizes
    assert max(sizes) > 1


async def test_a_handler_sees_its_own_organization_although_lanes_and_batches_are_shared(
    gateway: "Service", ingest: "Service", stream: str, eventually: Eventually
) -> None:
    organizations = [f"org_{letter}_{stream}" for letter in "xyz"]
    looked: list[str] = []

    async def look_around(transaction: Transaction, received: Received[Any]) -> None:
        looked.append(received.subject)
        connection = await driver(transaction)
        seen = await connection.fetch("SELECT DISTINCT organization_id FROM effects")
        assert {row["organization_id"] for row in seen} <= {received.organization}
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with connection.transaction():
                await connection.execute(EFFECT, "org_of_somebody_else", received.subject, "stolen")
        await connection.execute(EFFECT, received.organization, received.subject, f"only {received.organization}")

    for organization in organizations:
        ingest.handlers[f"{organization}/1"] = ingest.handlers[f"{organization}/2"] = look_around
    records = [
        gateway.record(owner, f"{owner}/{number}", "look", lane=6) for number in (1, 2) for owner in organizations
    ]
    await gateway.send(*records)
    for organization in organizations:
        await eventually(lambda owner=organization: ingest.has_effects(f"{owner}/1", f"only {owner}"))
        await eventually(lambda owner=organization: ingest.has_effects(f"{owner}/2", f"only {owner}"))
    assert len(looked) == 6  # none had to look twice


async def test_a_slow_lane_does_not_hold_up_another_of_the_same_partition(
    gateway: "Service", ingest: "Service", stream: str, eventually: Eventually
) -> None:
    released = asyncio.Event()

    async def wait(transaction: Transaction, received: Received[Any]) -> None:
        await released.wait()
        await (await driver(transaction)).execute(EFFECT, received.organization, received.subject, "at last")

    ingest.handlers[stream] = wait
    await gateway.publish("org_a", stream, "slow", lane=1)
    await gateway.publish("org_a", f"{stream}_quick", "quick", lane=9)
    await eventually(lambda: ingest.has_effects(f"{stream}_quick", "quick"), 2.0)
    released.set()
    await eventually(lambda: ingest.has_effects(stream, "at last"))


async def test_handlers_of_one_stream_wait_for_whoever_holds_its_lock(
    gateway: "Service", ingest: "Service", stream: str, eventually: Eventually
) -> None:
    from tldr_bus import lock_subjects

    async with ingest.database.tenant("org_a") as transaction:
        await lock_subjects(transaction, stream)
        await gateway.publish("org_a", stream, "waits", lane=2)
        await gateway.publish("org_a", f"{stream}_other", "goes on", lane=3)
        await eventually(lambda: ingest.has_effects(f"{stream}_other", "goes on"))
        assert await ingest.effects(stream) == []
    await eventually(lambda: ingest.has_effects(stream, "waits"))
