"""A worker in a process of its own, to be killed or paused: `worker_process.py ADDRESSES(json) MODE`."""

import asyncio
import json
import sys
from datetime import timedelta

from tldr_database import Database, DatabaseAddress, Transaction, driver
from tldr_jobs import ExhaustedJob, LeaseLost, RunningJob, Worker, WorkerPool

WRITE = "INSERT INTO effects (organization_id, subject, note) VALUES ($1, $2, $3)"


async def step_twice_and_hold(job: RunningJob) -> None:
    """Commit two steps, write a third that is never committed, and hang."""
    for step in ("step 1", "step 2"):
        async with job.progress() as transaction:
            await (await driver(transaction)).execute(WRITE, job.organization, job.subject, step)
    async with job.transaction() as transaction:
        await (await driver(transaction)).execute(WRITE, job.organization, job.subject, "never committed")
        print("holding", flush=True)
        await asyncio.Event().wait()


async def write_when_told(job: RunningJob) -> None:
    """Wait for a line, then write, and do not mind being cancelled."""
    print("holding", flush=True)
    line = asyncio.ensure_future(asyncio.to_thread(sys.stdin.readline))
    outcome = ""
    while not outcome:
        try:
            await asyncio.shield(line)
            outcome = await write(job)
        except asyncio.CancelledError:
            continue
    print(outcome, flush=True)


async def write(job: RunningJob) -> str:
    try:
        async with job.finish() as transaction:
            await (await driver(transaction)).execute(WRITE, job.organization, job.subject, "written late")
    except LeaseLost:
        return "refused"
    return "written"


async def say_so(transaction: Transaction, job: ExhaustedJob) -> None:
    await (await driver(transaction)).execute(WRITE, job.organization, job.subject, f"gap: {job.code}")


async def main() -> None:
    database = Database.connect(DatabaseAddress(**json.loads(sys.argv[1])))
    handle = {"steps": step_twice_and_hold, "late": write_when_told}[sys.argv[2]]
    await WorkerPool(database, [Worker("ingest", handle, say_so, lease=timedelta(seconds=1))]).run()


if __name__ == "__main__":
    asyncio.run(main())
