"""Background tasks go on after a failure."""

import asyncio

from tldr_service import BackgroundTask
from tldr_service.background import BackgroundTasks
from tldr_testing import eventually


async def test_a_task_that_failed_runs_again() -> None:
    runs: list[int] = []

    async def fail_first() -> None:
        runs.append(1)
        if len(runs) == 1:
            raise OSError("the database is away")

    tasks = BackgroundTasks("test", [BackgroundTask("fail first", fail_first, interval_s=0.01)])
    tasks.start()

    async def ran_again() -> bool:
        return len(runs) >= 3

    await eventually(ran_again)
    await tasks.stop()
    ended = len(runs)
    await asyncio.sleep(0)
    assert len(runs) == ended
