"""What readers promise when others join and leave their group, also in the middle of a slow handler."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from tldr_bus import Received
from tldr_database import Transaction

if TYPE_CHECKING:
    from libs.bus.tests.contract.conftest import NewService, Service

Eventually = Callable[..., Awaitable[None]]


async def test_a_rebalance_in_the_middle_of_a_slow_handler_loses_repeats_and_reorders_nothing(
    new_service: "NewService", gateway: "Service", stream: str, eventually: Eventually
) -> None:
    first = await new_service("fusion-detector", handler_deadline=30.0)
    second = await new_service("fusion-detector", handler_deadline=30.0, address=first.database.address)
    begun, released = asyncio.Event(), asyncio.Event()
    runs: list[str] = []

    async def slow(transaction: Transaction, received: Received[Any]) -> None:
        title = received.fact.title  # type: ignore[attr-defined]
        runs.append(title)
        if title == "2":
            begun.set()
            await released.wait()
        await first.record_effect(transaction, received)

    streams = [f"{stream}_{lane}" for lane in range(8)]
    first.handlers.update(dict.fromkeys(streams, slow))
    second.handlers.update(dict.fromkeys(streams, slow))
    await first.start(reads=True)
    titles = [str(number) for number in range(10)]
    for title in titles[:5]:
        for lane, name in enumerate(streams):
            await gateway.publish("org_a", name, title, lane=lane)
    await asyncio.wait_for(begun.wait(), 20)

    await second.start(reads=True)
    await eventually(lambda: first.partitions == 0, 20)  # it was asked to give up, and waits for the work in hand
    released.set()
    await eventually(lambda: (first.partitions, second.partitions) == (4, 4), 30)
    for title in titles[5:]:
        for lane, name in enumerate(streams):
            await gateway.publish("org_a", name, title, lane=lane)
    for name in streams:
        await eventually(lambda name=name: first.has_effects(name, *titles), 20)

    await first.stop_bus()
    for name in streams:
        await gateway.publish("org_a", name, "last", lane=streams.index(name))
    for name in streams:
        await eventually(lambda name=name: second.has_effects(name, *titles, "last"), 20)
    assert len(runs) == len(streams) * (len(titles) + 1)
    await second.stop_bus()
