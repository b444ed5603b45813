"""Asking for jobs: with the transaction, in order, one of a key at a time, seen by their organization only."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from time import monotonic

import asyncpg
import pytest

from tldr_database import Database, Transaction, driver
from tldr_jobs import ExhaustedJob, Jobs, NewJob, PostgresJobs, RunningJob, Worker, WorkerPool, sweep

StartPool = Callable[..., WorkerPool]
Eventually = Callable[..., Awaitable[None]]

JOBS: Jobs = PostgresJobs()


async def never_exhausted(transaction: Transaction, job: ExhaustedJob) -> None:
    raise AssertionError(f"{job} was not to be exhausted")


async def enqueue(database: Database, *jobs: NewJob) -> None:
    async with database.tenant(jobs[0].organization) as transaction:
        await JOBS.enqueue(transaction, *jobs)


async def states(database: Database) -> list[str]:
    async with database.system() as transaction:
        return [row["state"] for row in await (await driver(transaction)).fetch("SELECT state FROM jobs ORDER BY id")]


class Recorder:
    """A handler that notes which jobs it was given."""

    def __init__(self) -> None:
        self.seen: list[RunningJob] = []

    async def __call__(self, job: RunningJob) -> None:
        self.seen.append(job)

    @property
    def subjects(self) -> list[str]:
        return [job.subject for job in self.seen]


async def test_a_job_exists_if_and_only_if_its_transaction_committed(
    database: Database, start_pool: StartPool, eventually: Eventually
) -> None:
    recorder = Recorder()
    start_pool(Worker("cut", recorder, never_exhausted))

    async def enqueue_and_raise() -> None:
        async with database.tenant("org") as transaction:
            await JOBS.enqueue(transaction, NewJob("cut", "org", "rolled back"))
            raise LookupError

    with pytest.raises(LookupError):
        await enqueue_and_raise()
    await enqueue(database, NewJob("cut", "org", "committed"))
    await eventually(lambda: recorder.subjects == ["committed"])


async def test_a_job_carries_what_it_was_given(
    database: Database, start_pool: StartPool, eventually: Eventually
) -> None:
    recorder = Recorder()
    payload = {"bytes": 2**40, "title": 'a "quoted" ünï 🎉 \\ title', "nested": {"list": [1, None, 2.5, True]}}
    await enqueue(database, NewJob("cut", "org", "str_1", payload, key="k", priority=3))
    start_pool(Worker("cut", recorder, never_exhausted))
    await eventually(lambda: recorder.seen)
    job = recorder.seen[0]
    assert (job.kind, job.organization, job.subject, job.key) == ("cut", "org", "str_1", "k")
    assert job.payload == payload
    assert (job.attempt, job.token, job.lost) == (1, 1, False)
    assert job.id > 0


async def test_the_higher_priority_is_leased_first_then_the_older(
    database: Database, start_pool: StartPool, eventually: Eventually
) -> None:
    recorder = Recorder()
    await enqueue(
        database,
        NewJob("cut", "org", "low"),
        NewJob("cut", "org", "high", priority=9),
        NewJob("cut", "org", "low too"),
        NewJob("cut", "org", "high too", priority=9),
    )
    start_pool(Worker("cut", recorder, never_exhausted))
    await eventually(lambda: len(recorder.seen) == 4)
    assert recorder.subjects == ["high", "high too", "low", "low too"]


async def test_a_delayed_job_starts_when_it_is_due_and_not_at_the_next_poll(
    database: Database, start_pool: StartPool, eventually: Eventually
) -> None:
    recorder = Recorder()
    start_pool(Worker("cut", recorder, never_exhausted), poll=timedelta(seconds=60))
    asked = monotonic()
    await enqueue(database, NewJob("cut", "org", "later", delay=timedelta(seconds=0.5)), NewJob("cut", "org", "now"))
    await eventually(lambda: len(recorder.seen) == 2)
    assert 0.5 <= monotonic() - asked < 5
    assert recorder.subjects == ["now", "later"]


async def test_jobs_of_a_key_run_oldest_first_and_never_overlap_over_two_pools(
    database: Database, start_pool: StartPool, eventually: Eventually
) -> None:
    running: set[str | None] = set()
    order: dict[str | None, list[int]] = {}

    async def handle(job: RunningJob) -> None:
        assert job.key not in running
        running.add(job.key)
        async with job.transaction():
            order.setdefault(job.key, []).append(job.id)
        running.discard(job.key)

    kinds = [Worker(kind, handle, never_exhausted, concurrency=2) for kind in ("cut", "thumbnail")]
    start_pool(*kinds)
    start_pool(*kinds)
    for _ in range(10):
        batch = [NewJob(("cut", "thumbnail")[n % 2], "org", "s", key=f"key {n % 5}", priority=n) for n in range(20)]
        await enqueue(database, *batch)
    await eventually(lambda: sum(map(len, order.values())) == 200)
    assert all(ids == sorted(ids) for ids in order.values())


async def test_a_job_that_became_visible_late_does_not_overlap_with_a_younger_one_that_runs(
    database: Database, start_pool: StartPool, eventually: Eventually
) -> None:
    going = asyncio.Event()
    log: list[str] = []

    async def handle(job: RunningJob) -> None:
        log.append(f"{job.subject} begins")
        if job.subject == "younger":
            await going.wait()
        log.append(f"{job.subject} ends")

    async with database.tenant("org") as transaction:
        await JOBS.enqueue(transaction, NewJob("cut", "org", "older", key="k"))
        await enqueue(database, NewJob("cut", "org", "younger", key="k"))
        start_pool(Worker("cut", handle, never_exhausted, concurrency=4))
        await eventually(lambda: log)
    await enqueue(database, NewJob("cut", "org", "of no key"))
    await eventually(lambda: "of no key ends" in log)
    going.set()
    await eventually(lambda: len(log) == 6)
    assert [line for line in log if "key" not in line] == [
        "younger begins",
        "younger ends",
        "older begins",
        "older ends",
    ]


async def test_a_job_that_waits_for_another_attempt_holds_up_the_younger_ones_of_its_key(
    database: Database, start_pool: StartPool, eventually: Eventually
) -> None:
    log: list[str] = []

    async def handle(job: RunningJob) -> None:
        log.append(job.subject)
        if job.subject == "older" and job.attempt == 1:
            raise ValueError("not this time")

    await enqueue(
        database,
        NewJob("cut", "org", "older", key="k"),
        NewJob("cut", "org", "younger", key="k", priority=5),
        NewJob("cut", "org", "other", key="l"),
    )
    start_pool(Worker("cut", handle, never_exhausted, backoff=timedelta(seconds=0.4)))
    await eventually(lambda: len(log) == 4)
    assert log == ["older", "other", "older", "younger"]


async def test_the_same_key_in_two_organizations_excludes_nothing(
    database: Database, start_pool: StartPool, eventually: Eventually
) -> None:
    both = asyncio.Barrier(2)

    async def handle(job: RunningJob) -> None:
        await both.wait()

    await enqueue(database, NewJob("cut", "org a", "s", key="k"))
    await enqueue(database, NewJob("cut", "org b", "s", key="k"))
    start_pool(Worker("cut", handle, never_exhausted, concurrency=2))

    async def both_done() -> bool:
        return await states(database) == ["done", "done"]

    await eventually(both_done)


async def test_an_organization_sees_writes_and_cancels_its_own_jobs_only(database: Database) -> None:
    await enqueue(database, NewJob("cut", "org a", "s"))
    async with database.tenant("org b") as transaction:
        connection = await driver(transaction)
        assert await connection.fetchval("SELECT count(*) FROM jobs") == 0
        assert await JOBS.cancel(transaction, "s") == 0
    async with database.untenanted() as transaction:
        assert await (await driver(transaction)).fetchval("SELECT count(*) FROM jobs") == 0
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with database.tenant("org b") as transaction:
            await JOBS.enqueue(transaction, NewJob("cut", "org a", "s"))
    assert await states(database) == ["waiting"]


async def test_depth_counts_what_could_run_now_by_kind(database: Database) -> None:
    await enqueue(
        database,
        NewJob("cut", "org a", "s"),
        NewJob("cut", "org a", "s"),
        NewJob("send", "org a", "s"),
        NewJob("send", "org a", "s", delay=timedelta(minutes=1)),
    )
    await enqueue(database, NewJob("cut", "org b", "s"))
    async with database.system() as transaction:
        assert await JOBS.depth(transaction) == {"cut": 3, "send": 1}


async def test_jobs_that_ended_long_ago_are_swept_in_batches(database: Database) -> None:
    await enqueue(database, *[NewJob("cut", "org", str(n)) for n in range(8)])
    ended = "UPDATE jobs SET state = $2, finished_at = now() - $3::interval WHERE subject = ANY ($1)"
    async with database.system() as transaction:
        connection = await driver(transaction)
        await connection.execute(ended, ["0", "1", "2"], "done", timedelta(minutes=61))
        await connection.execute(ended, ["3"], "done", timedelta(minutes=59))
        await connection.execute(ended, ["4"], "failed", timedelta(days=8))
        await connection.execute(ended, ["5"], "failed", timedelta(days=6))
    async with database.system() as transaction:
        assert [await sweep(transaction, batch=2) for _ in range(3)] == [3, 1, 0]
        rows = await (await driver(transaction)).fetch("SELECT subject FROM jobs ORDER BY subject")
    assert [row["subject"] for row in rows] == ["3", "5", "6", "7"]


async def test_enqueuing_nothing_is_nothing(database: Database) -> None:
    async with database.tenant("org") as transaction:
        await JOBS.enqueue(transaction)
    assert await states(database) == []
