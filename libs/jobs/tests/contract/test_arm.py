"""Arming: one job answers many wake-ups, and none is lost."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from tldr_database import Database, Transaction, driver
from tldr_jobs import ExhaustedJob, JobFailed, Jobs, NewJob, PostgresJobs, RunningJob, Worker, WorkerPool

StartPool = Callable[..., WorkerPool]
Eventually = Callable[..., Awaitable[None]]

JOBS: Jobs = PostgresJobs()
_WRITE = "INSERT INTO effects (organization_id, subject, note) VALUES ('org', $1, $2)"


async def no_gap(transaction: Transaction, job: ExhaustedJob) -> None:
    return


async def write_and_arm(database: Database, note: str, subject: str = "str", **job: object) -> None:
    """What a handler of events does: append what came, and ask that somebody looks at it."""
    async with database.tenant("org") as transaction:
        await (await driver(transaction)).execute(_WRITE, subject, note)
        await JOBS.arm(transaction, NewJob("advance", "org", subject, key=subject, **job))  # type: ignore[arg-type]


async def unfinished(database: Database) -> int:
    async with database.system() as transaction:
        connection = await driver(transaction)
        return int(await connection.fetchval("SELECT count(*) FROM jobs WHERE state IN ('waiting', 'running')"))


class Advance:
    """Notes what each run found written."""

    def __init__(self) -> None:
        self.found: list[list[str]] = []

    async def __call__(self, job: RunningJob) -> None:
        async with job.finish() as transaction:
            rows = await (await driver(transaction)).fetch(
                "SELECT note FROM effects WHERE subject = $1 ORDER BY place", job.subject
            )
            self.found.append([row["note"] for row in rows])


async def test_a_thousand_concurrent_armings_lose_no_wake_up(
    database: Database, start_pool: StartPool, eventually: Eventually
) -> None:
    advance = Advance()
    start_pool(Worker("advance", advance, no_gap, concurrency=2))
    start_pool(Worker("advance", advance, no_gap, concurrency=2))
    await asyncio.gather(*(write_and_arm(database, str(n)) for n in range(1000)))

    async def nothing_left() -> bool:
        return await unfinished(database) == 0

    await eventually(nothing_left)
    assert len(advance.found[-1]) == 1000
    assert 1 < len(advance.found) < 1000


async def test_each_of_many_subjects_is_looked_at_after_its_last_arming(
    database: Database, start_pool: StartPool, eventually: Eventually
) -> None:
    last: dict[str, int] = {}

    async def handle(job: RunningJob) -> None:
        async with job.finish() as transaction:
            count = "SELECT count(*) FROM effects WHERE subject = $1"
            last[job.subject] = await (await driver(transaction)).fetchval(count, job.subject)

    start_pool(Worker("advance", handle, no_gap, concurrency=4))
    await asyncio.gather(*(write_and_arm(database, "", f"str {n % 20}") for n in range(400)))
    await eventually(lambda: len(last) == 20 and set(last.values()) == {20})


async def test_many_armings_before_a_run_are_answered_by_it_with_the_first_payload(
    database: Database, start_pool: StartPool, eventually: Eventually
) -> None:
    payloads: list[object] = []

    async def handle(job: RunningJob) -> None:
        payloads.append(job.payload)

    for n in range(10):
        await write_and_arm(database, str(n), payload={"n": n})
    start_pool(Worker("advance", handle, no_gap))

    async def nothing_left() -> bool:
        return await unfinished(database) == 0

    await eventually(nothing_left)
    assert payloads == [{"n": 0}]


async def test_a_job_armed_while_it_finishes_runs_once_more_and_arming_does_not_wait(
    database: Database, start_pool: StartPool, eventually: Eventually
) -> None:
    found: list[int] = []

    async def handle(job: RunningJob) -> None:
        async with job.finish() as transaction:
            connection = await driver(transaction)
            found.append(await connection.fetchval("SELECT count(*) FROM effects"))
            if len(found) == 1:
                # In the middle of the transaction that ends the job: too late to be seen by it.
                await asyncio.wait_for(write_and_arm(database, "second"), 5)

    start_pool(Worker("advance", handle, no_gap))
    await write_and_arm(database, "first")
    await eventually(lambda: found == [1, 2])


async def test_a_waiting_job_is_not_started_before_the_transaction_that_armed_it_again(
    database: Database, start_pool: StartPool, eventually: Eventually
) -> None:
    advance = Advance()
    others: list[str] = []

    async def other(job: RunningJob) -> None:
        others.append(job.subject)

    await write_and_arm(database, "first")
    async with database.tenant("org") as transaction:
        await JOBS.arm(transaction, NewJob("advance", "org", "str", key="str"))
        start_pool(Worker("advance", advance, no_gap), Worker("other", other, no_gap))
        async with database.tenant("org") as second:
            await JOBS.enqueue(second, NewJob("other", "org", "s"))
        await eventually(lambda: others)
        await (await driver(transaction)).execute(_WRITE, "str", "second")
    await eventually(lambda: advance.found == [["first", "second"]])


async def test_a_finished_job_starts_anew(database: Database, start_pool: StartPool, eventually: Eventually) -> None:
    advance = Advance()
    start_pool(Worker("advance", advance, no_gap))
    await write_and_arm(database, "first")
    await eventually(lambda: advance.found == [["first"]])
    await write_and_arm(database, "second")
    await eventually(lambda: advance.found == [["first"], ["first", "second"]])


async def test_a_failed_job_starts_anew(database: Database, start_pool: StartPool, eventually: Eventually) -> None:
    runs: list[int] = []

    async def handle(job: RunningJob) -> None:
        runs.append(job.id)
        if len(runs) == 1:
            raise JobFailed("broken", "at first")

    start_pool(Worker("advance", handle, no_gap))
    await write_and_arm(database, "first")
    await eventually(lambda: len(runs) == 1)
    await write_and_arm(database, "second")
    await eventually(lambda: len(runs) == 2)


async def test_a_job_armed_while_it_waits_for_another_attempt_runs_after_that(
    database: Database, start_pool: StartPool, eventually: Eventually
) -> None:
    runs: list[int] = []

    async def handle(job: RunningJob) -> None:
        runs.append(job.attempt)
        if len(runs) == 1:
            raise ValueError("not this time")

    start_pool(Worker("advance", handle, no_gap, backoff=timedelta(seconds=0.3)))
    await write_and_arm(database, "first")
    await eventually(lambda: runs == [1])
    await write_and_arm(database, "second")
    await eventually(lambda: runs == [1, 2, 1])


async def test_arming_with_less_delay_brings_the_run_forward(
    database: Database, start_pool: StartPool, eventually: Eventually
) -> None:
    advance = Advance()
    start_pool(Worker("advance", advance, no_gap))
    await write_and_arm(database, "first", delay=timedelta(minutes=5))
    await write_and_arm(database, "second")
    await write_and_arm(database, "third", delay=timedelta(minutes=9))
    await eventually(lambda: advance.found)


async def test_arming_needs_a_key(database: Database) -> None:
    async with database.tenant("org") as transaction:
        with pytest.raises(ValueError, match="key"):
            await JOBS.arm(transaction, NewJob("advance", "org", "str"))
