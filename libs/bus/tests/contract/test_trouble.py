"""What the bus promises when the database, the relay or the broker fails: nothing is lost, repeated or out of order."""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tldr_bus import Broker, Received, list_dead
from tldr_contracts.topics import STREAMS
from tldr_database import Transaction, driver

if TYPE_CHECKING:
    from libs.bus.tests.contract.conftest import NewService, Service

Eventually = Callable[..., Awaitable[None]]
WAITING = "SELECT pid FROM pg_stat_activity WHERE application_name = 'tldr relay' AND wait_event_type = 'Lock'"
DIE = "SELECT pg_terminate_backend(pg_backend_pid())"
DEADLOCK = "DO $$ BEGIN RAISE EXCEPTION 'deadlock detected' USING ERRCODE = '40P01'; END $$"
PARKED = "SELECT subject FROM inbox WHERE subject = $1 AND state = 'parked'"
RELAY_PROCESS = Path(__file__).parent / "relay_process.py"


async def test_killed_database_connections_are_waited_out_and_count_as_no_attempt(
    gateway: "Service", ingest: "Service", stream: str, eventually: Eventually
) -> None:
    titles = [str(number) for number in range(40)]
    for title in titles:
        await gateway.publish("org_a", stream, title)
        if int(title) % 8 == 3:
            await ingest.kill_connections()
            await gateway.kill_connections("tldr relay")
    await eventually(lambda: ingest.has_effects(stream, *titles), 30)
    assert await list_dead(ingest.database, subject=stream) == []
    assert await ingest.fetch("SELECT id FROM parked WHERE subject = $1", stream) == []


@pytest.mark.parametrize("trouble", [DIE, DEADLOCK], ids=["connection", "deadlock"])
async def test_a_handler_in_trouble_with_the_database_has_used_no_attempt(
    gateway: "Service", ingest: "Service", stream: str, eventually: Eventually, trouble: str
) -> None:
    troubled = ingest.settings.quick_attempts + 1
    runs: list[str] = []

    async def get_into_trouble(transaction: Transaction, received: Received[Any]) -> None:
        runs.append(received.subject)
        if len(runs) <= troubled:
            await (await driver(transaction)).execute(trouble)
        await ingest.record_effect(transaction, received)

    ingest.handlers[stream] = get_into_trouble
    await gateway.publish("org_a", stream, "one")
    await eventually(lambda: len(runs) == troubled, 10)
    assert await ingest.fetch(PARKED, stream) == []
    await eventually(lambda: ingest.has_effects(stream, "one"))


async def test_of_two_relays_one_sends_and_the_other_takes_over_without_loss_or_inversion(
    new_service: "NewService", stream: str, eventually: Eventually
) -> None:
    first = await (await new_service("gateway", relay_batch=7)).start(reads=False)
    second = await (await new_service("gateway", relay_batch=7, address=first.database.address)).start(reads=False)
    quiet, killed = [f"{number:03}" for number in range(40)], [f"{number:03}" for number in range(40, 160)]
    streams = [f"{stream}_{number}" for number in range(3)]

    async def publish(name: str, titles: list[str]) -> None:
        for title in titles:
            await first.publish("org_a", name, title, lane=streams.index(name))

    async def kill() -> None:
        for _ in range(4):
            await asyncio.sleep(0.15)
            await second.kill_connections("tldr relay")

    async def found(name: str) -> list[str]:
        await eventually(lambda: first.has_no_unsent_events())
        return [record.title for record in await first.all_records(STREAMS.name, 8) if record.subject == name]

    await asyncio.gather(*(publish(name, quiet) for name in streams))
    for name in streams:
        assert await found(name) == quiet  # none twice: one of them stood by
    await asyncio.gather(kill(), *(publish(name, killed) for name in streams))
    for name in streams:
        assert list(dict.fromkeys(await found(name))) == [*quiet, *killed]
    await first.stop()
    await second.stop()


async def test_a_relay_killed_between_sending_and_marking_repeats_and_readers_drop_it(
    new_service: "NewService", ingest: "Service", stream: str, broker: Broker, eventually: Eventually
) -> None:
    writer = await new_service("gateway")
    await writer.publish("org_a", stream, "one", "two", lane=2)
    process = await _relay_process(writer, broker)
    async with writer.database.system() as holding:
        # The mark waits for these locks, so the process stands exactly between the two.
        await (await driver(holding)).execute("SELECT id FROM outbox FOR UPDATE")
        process.stdin.write(b"go\n")  # type: ignore[union-attr]
        await eventually(lambda: writer.fetch(WAITING))
        await eventually(lambda: ingest.has_effects(stream, "one", "two"))
        os.kill(process.pid, signal.SIGKILL)
        await process.wait()
        await writer.kill_connections("tldr relay")
    assert not await writer.has_no_unsent_events()
    await writer.publish("org_a", stream, "three", lane=2)
    await writer.start(reads=False)
    await eventually(lambda: ingest.has_effects(stream, "one", "two", "three"))
    found = [record.title for record in await writer.all_records(STREAMS.name, 8) if record.subject == stream]
    assert found == ["one", "two", "one", "two", "three"]


async def test_a_broker_that_lost_its_log_gets_everything_again_and_nothing_has_two_effects(
    new_service: "NewService", stream: str, broker: Broker, another_broker: Broker, eventually: Eventually
) -> None:
    where = [broker]
    writer = await (await new_service("gateway", broker=lambda: where[0])).start(reads=False)
    reader = await (await new_service("video-analysis", broker=lambda: where[0])).start(reads=True)
    before, after = [f"before {number}" for number in range(20)], [f"after {number}" for number in range(20)]
    for title in before:
        await writer.publish("org_a", stream, title, lane=3)
    await eventually(lambda: reader.has_effects(stream, *before))
    (known,) = await writer.fetch("SELECT cluster_id FROM relay_state")
    where[0] = another_broker
    for title in after:
        await writer.publish("org_a", stream, title, lane=3)
    await eventually(lambda: writer.fetch("SELECT 1 FROM relay_state WHERE cluster_id <> $1", known["cluster_id"]), 30)
    # This one is on the new broker alone, behind everything that is there again.
    await writer.publish("org_a", stream, "last", lane=3)
    await eventually(lambda: reader.has_effects(stream, *before, *after, "last"), 30)
    await eventually(lambda: writer.has_no_unsent_events())
    there = [record.title for record in await writer.all_records(STREAMS.name, 8) if record.subject == stream]
    assert list(dict.fromkeys(there)) == [*before, *after, "last"]
    await eventually(lambda: _has_read_all(reader))
    await writer.stop()
    await reader.stop()


async def _has_read_all(reader: "Service") -> bool:
    assert reader.bus is not None
    figures = await reader.bus.figures()
    return reader.partitions == 8 and figures.parked == 0 and set(figures.lag.values()) == {0} and reader.bus.healthy


async def _relay_process(writer: "Service", broker: Broker) -> asyncio.subprocess.Process:
    address = writer.database.address
    words: list[Any] = [address.owner, address.service, address.system, broker.bootstrap, broker.idempotent]
    return await asyncio.create_subprocess_exec(
        sys.executable, str(RELAY_PROCESS), *map(str, words), stdin=asyncio.subprocess.PIPE
    )
