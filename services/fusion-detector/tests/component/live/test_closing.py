"""An advance and a push at the same time: a figure counts, or it is late; it is never kept unused."""

import asyncio
from collections.abc import Callable
from typing import Any

from tldr_contracts.ids import StreamId
from tldr_testing import eventually

KILLS = "external.kills"


async def test_a_push_waits_for_an_advance_that_closes_its_second(service: Any, live: Callable[..., Any]) -> None:
    one = live(seconds=400)
    await one.begin(chat=False)
    await one.tell_and_look(*one.broadcast.video(end=60))
    async with service.open() as work:
        record = await work.streams.get(StreamId(one.stream))
        run = await work.runs.get(record.run)
        await work.live.close(run, 72)
        push = asyncio.create_task(service.tell(one.pushed((KILLS, 65, 1.0), (KILLS, 75, 1.0))))

        async def waits() -> bool:
            return bool(await service.fetch("SELECT 1 FROM pg_locks WHERE NOT granted"))

        await eventually(waits)
        assert not push.done()
    await push
    kept = await service.fetch("SELECT start_s FROM signals WHERE stream_id = $1 AND name = $2", one.stream, KILLS)
    assert [row["start_s"] for row in kept] == [75]
