"""Trouble with the database is waited out, and costs no attempt."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import asyncpg
import pytest

from tldr_database import Database, Transaction, driver
from tldr_jobs import ExhaustedJob, Jobs, NewJob, PostgresJobs, RunningJob, Worker, WorkerPool

StartPool = Callable[..., WorkerPool]
Eventually = Callable[..., Awaitable[None]]

JOBS: Jobs = PostgresJobs()
_WRITE = "INSERT INTO effects (organization_id, subject, note) VALUES ('org', $1, '')"
_KILL = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()"


async def never_exhausted(transaction: Transaction, job: ExhaustedJob) -> None:
    raise AssertionError(f"{job} was not to be exhausted")


async def enqueue(database: Database, *subjects: str) -> None:
    async with database.tenant("org") as transaction:
        await JOBS.enqueue(transaction, *[NewJob("send", "org", subject) for subject in subjects])


async def states(database: Database) -> set[str]:
    async with database.system() as transaction:
        rows = await (await driver(transaction)).fetch("SELECT DISTINCT state FROM jobs")
        return {row["state"] for row in rows}


async def test_jobs_survive_that_all_connections_are_cut_again_and_again(
    database: Database, start_pool: StartPool, eventually: Eventually, postgres_admin: str
) -> None:
    async def handle(job: RunningJob) -> None:
        async with job.finish() as transaction:
            connection = await driver(transaction)
            await connection.execute(_WRITE, job.subject)
            await connection.execute("SELECT pg_sleep(0.01)")

    subjects = [f"s{n}" for n in range(150)]
    await enqueue(database, *subjects)
    start_pool(Worker("send", handle, never_exhausted, concurrency=4, attempts=1, lease=timedelta(seconds=2)))
    admin = await asyncpg.connect(postgres_admin)
    for left in (140, 120, 100):

        async def fewer_left(left: int = left) -> bool:
            count = "SELECT count(*) FROM jobs WHERE state <> 'done'"
            try:
                async with database.system() as transaction:
                    return bool(await (await driver(transaction)).fetchval(count) < left)
            except asyncpg.PostgresError:
                return False

        await eventually(fewer_left)
        assert await admin.fetchval(_KILL, "jobs_contract") > 1
    await admin.close()

    async def done() -> bool:
        return await states(database) == {"done"}

    await eventually(done)
    async with database.tenant("org") as transaction:
        rows = await (await driver(transaction)).fetch("SELECT subject FROM effects")
    assert sorted(row["subject"] for row in rows) == sorted(subjects)


async def test_a_pool_whose_listener_was_cut_listens_again(
    database: Database, start_pool: StartPool, eventually: Eventually, postgres_admin: str
) -> None:
    ran: list[str] = []

    async def handle(job: RunningJob) -> None:
        ran.append(job.subject)

    admin = await asyncpg.connect(postgres_admin)

    async def listeners() -> list[int]:
        listening = "SELECT pid FROM pg_stat_activity WHERE application_name = 'tldr-jobs' AND query LIKE 'LISTEN%'"
        return [row["pid"] for row in await admin.fetch(listening)]

    async def listens() -> bool:
        return bool(await listeners())

    start_pool(Worker("send", handle, never_exhausted), poll=timedelta(seconds=60))
    await eventually(listens)
    (first,) = await listeners()
    await admin.execute("SELECT pg_terminate_backend($1)", first)

    async def listens_anew() -> bool:
        return bool(set(await listeners()) - {first})

    await eventually(listens_anew)
    await enqueue(database, "s")
    await eventually(lambda: ran == ["s"], 5)
    await admin.close()


async def test_a_pool_started_while_nobody_can_connect_starts_working_when_they_can(
    database: Database,
    start_pool: StartPool,
    eventually: Eventually,
    postgres_admin: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    ran = asyncio.Event()

    async def handle(job: RunningJob) -> None:
        ran.set()

    await enqueue(database, "s")
    admin = await asyncpg.connect(postgres_admin)
    await admin.execute("ALTER DATABASE jobs_contract ALLOW_CONNECTIONS false")
    try:
        await admin.fetchval(_KILL, "jobs_contract")
        start_pool(Worker("send", handle, never_exhausted))
        await eventually(lambda: "is tried again" in caplog.text)
        assert not ran.is_set()
    finally:
        await admin.execute("ALTER DATABASE jobs_contract ALLOW_CONNECTIONS true")
        await admin.close()
    await asyncio.wait_for(ran.wait(), 15)


async def test_a_handler_that_meets_trouble_is_called_again_and_the_attempt_does_not_count(
    database: Database, start_pool: StartPool, eventually: Eventually
) -> None:
    attempts: list[int] = []

    async def handle(job: RunningJob) -> None:
        attempts.append(job.attempt)
        async with job.transaction() as transaction:
            connection = await driver(transaction)
            if len(attempts) == 1:
                await connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    start_pool(Worker("send", handle, never_exhausted, attempts=1))
    await enqueue(database, "s")

    async def done() -> bool:
        return await states(database) == {"done"}

    await eventually(done)
    assert attempts == [1, 1]


async def test_a_statement_that_is_always_too_slow_counts_but_with_patience(
    database: Database, start_pool: StartPool, eventually: Eventually
) -> None:
    async def handle(job: RunningJob) -> None:
        async with job.transaction() as transaction:
            connection = await driver(transaction)
            await connection.execute("SELECT set_config('statement_timeout', '20', true)")
            await connection.execute("SELECT pg_sleep(5)")

    start_pool(Worker("send", handle, never_exhausted, attempts=5))
    await enqueue(database, "s")

    async def waits() -> bool:
        async with database.system() as transaction:
            query = (
                "SELECT attempt, error_code, due_at > now() + interval '10 s' AS late FROM jobs WHERE state = 'waiting'"
            )
            rows = await (await driver(transaction)).fetch(query)
        return [tuple(row) for row in rows] == [(1, "database_slow", True)]

    await eventually(waits)
