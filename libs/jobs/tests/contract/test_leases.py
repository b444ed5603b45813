"""Leases: kept by heartbeats, taken over when a worker is gone, and refusing the writes of who lost them."""

import asyncio
import dataclasses
import json
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest

from tldr_database import Database, Transaction, driver
from tldr_jobs import ExhaustedJob, Jobs, LeaseLost, NewJob, PostgresJobs, RunningJob, Worker, WorkerPool

StartPool = Callable[..., WorkerPool]
StartProcess = Callable[[str], Awaitable[Process]]
Eventually = Callable[..., Awaitable[None]]

JOBS: Jobs = PostgresJobs()
SHORT = timedelta(seconds=0.9)
LONG = timedelta(seconds=60)
_WRITE = "INSERT INTO effects (organization_id, subject, note) VALUES ('org', $1, $2)"


async def never_exhausted(transaction: Transaction, job: ExhaustedJob) -> None:
    raise AssertionError(f"{job} was not to be exhausted")


async def enqueue(database: Database, *subjects: str, kind: str = "ingest") -> None:
    async with database.tenant("org") as transaction:
        await JOBS.enqueue(transaction, *[NewJob(kind, "org", subject) for subject in subjects])


async def notes(database: Database) -> list[str]:
    async with database.tenant("org") as transaction:
        rows = await (await driver(transaction)).fetch("SELECT note FROM effects ORDER BY place")
        return [row["note"] for row in rows]


async def all_done(database: Database) -> bool:
    async with database.system() as transaction:
        rows = await (await driver(transaction)).fetch("SELECT DISTINCT state FROM jobs")
        return [row["state"] for row in rows] == ["done"]


async def write(job: RunningJob, note: str) -> None:
    async with job.finish() as transaction:
        await (await driver(transaction)).execute(_WRITE, job.subject, note)


@pytest.fixture
async def start_process(database: Database) -> AsyncIterator[StartProcess]:
    """Start a worker process in the mode given, and wait until it holds a job."""
    started: list[Process] = []

    async def start(mode: str) -> Process:
        script = str(Path(__file__).with_name("worker_process.py"))
        addresses = json.dumps(dataclasses.asdict(database.address))
        process = await asyncio.create_subprocess_exec(sys.executable, script, addresses, mode, stdin=PIPE, stdout=PIPE)
        started.append(process)
        assert process.stdout is not None
        assert await asyncio.wait_for(process.stdout.readline(), 20) == b"holding\n"
        return process

    yield start
    for process in started:
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
        await process.wait()


async def test_heartbeats_keep_the_lease_of_a_long_job(
    database: Database, start_pool: StartPool, eventually: Eventually
) -> None:
    tokens: list[int] = []

    async def handle(job: RunningJob) -> None:
        tokens.append(job.token)
        await asyncio.sleep(SHORT.total_seconds() * 2.5)
        await write(job, "done")

    for _ in range(2):
        start_pool(Worker("ingest", handle, never_exhausted, lease=SHORT), poll=timedelta(seconds=0.1))
    await enqueue(database, "str")
    await eventually(lambda: all_done(database))
    assert tokens == [1]


async def test_a_transaction_longer_than_the_lease_keeps_it_and_holds_up_no_other_renewal(
    database: Database, start_pool: StartPool, eventually: Eventually
) -> None:
    tokens: list[tuple[str, int]] = []

    async def handle(job: RunningJob) -> None:
        tokens.append((job.subject, job.token))
        if job.subject == "locks":
            async with job.transaction():
                await asyncio.sleep(SHORT.total_seconds() * 2)
        # Twice as long as the heartbeat: what kept the lease until then is the transaction's own renewal.
        await asyncio.sleep(SHORT.total_seconds() * 2)
        await write(job, "done")

    for _ in range(2):
        workers = Worker("ingest", handle, never_exhausted, lease=SHORT, concurrency=2)
        start_pool(workers, poll=timedelta(seconds=0.1))
    await enqueue(database, "locks", "does not lock")
    await eventually(lambda: all_done(database))
    assert sorted(tokens) == [("does not lock", 1), ("locks", 1)]


async def test_the_job_of_a_killed_process_goes_on_from_its_last_commit(
    database: Database, start_pool: StartPool, start_process: StartProcess, eventually: Eventually
) -> None:
    went_on: list[tuple[int, int]] = []

    async def handle(job: RunningJob) -> None:
        went_on.append((job.attempt, job.token))
        await write(job, "step 3")

    await enqueue(database, "str")
    process = await start_process("steps")
    start_pool(Worker("ingest", handle, never_exhausted))
    process.send_signal(signal.SIGKILL)
    await eventually(lambda: all_done(database))
    assert went_on == [(2, 2)]
    assert await notes(database) == ["step 1", "step 2", "step 3"]


async def test_a_process_paused_past_its_lease_and_woken_again_writes_nothing(
    database: Database, start_pool: StartPool, start_process: StartProcess, eventually: Eventually
) -> None:
    async def handle(job: RunningJob) -> None:
        await write(job, f"written under token {job.token}")

    await enqueue(database, "str")
    process = await start_process("late")
    assert process.stdin is not None
    assert process.stdout is not None
    process.send_signal(signal.SIGSTOP)
    start_pool(Worker("ingest", handle, never_exhausted))
    await eventually(lambda: all_done(database))
    process.stdin.write(b"write now\n")
    process.send_signal(signal.SIGCONT)
    assert await asyncio.wait_for(process.stdout.readline(), 10) == b"refused\n"
    assert await notes(database) == ["written under token 2"]


async def test_cancelling_refuses_running_writes_ends_the_handler_and_takes_waiting_jobs_away(
    database: Database, start_pool: StartPool, eventually: Eventually
) -> None:
    began, told = asyncio.Event(), asyncio.Event()
    log: list[str] = []

    async def handle(job: RunningJob) -> None:
        if job.payload.get("again"):
            return await write(job, "the job asked for later")
        began.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            log.append(f"told, lost is {job.lost}")
            told.set()
        with pytest.raises(LeaseLost):
            await write(job, "refused")
        log.append("refused")
        return None

    start_pool(Worker("ingest", handle, never_exhausted, lease=LONG), poll=LONG)
    await enqueue(database, "str", "str", "unrelated")
    await began.wait()
    async with database.tenant("org") as transaction:
        assert await JOBS.cancel(transaction, "str") == 2
    await asyncio.wait_for(told.wait(), 5)
    async with database.tenant("org") as transaction:
        assert await JOBS.cancel(transaction, "unrelated") == 1
        await JOBS.enqueue(transaction, NewJob("ingest", "org", "str", {"again": True}))
    await eventually(lambda: all_done(database))
    assert log[:2] == ["told, lost is True", "refused"]
    assert await notes(database) == ["the job asked for later"]


async def test_cancelling_waits_for_what_a_job_is_committing(
    database: Database, start_pool: StartPool, eventually: Eventually
) -> None:
    cancelling: list[asyncio.Task[int]] = []

    async def cancel() -> int:
        async with database.tenant("org") as transaction:
            return await JOBS.cancel(transaction, "str")

    async def waits_for_row() -> bool:
        async with database.system() as transaction:
            waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'"
            return bool(await (await driver(transaction)).fetchval(waiting))

    async def handle(job: RunningJob) -> None:
        async with job.progress() as transaction:
            cancelling.append(asyncio.create_task(cancel()))
            await eventually(waits_for_row)
            await (await driver(transaction)).execute(_WRITE, job.subject, "committed before")
        await asyncio.shield(cancelling[0])
        await write(job, "refused")

    start_pool(Worker("ingest", handle, never_exhausted))
    await enqueue(database, "str")
    await eventually(lambda: cancelling and cancelling[0].done())
    assert await cancelling[0] == 1
    assert await notes(database) == ["committed before"]


async def test_a_stopped_pool_gives_its_leases_back_at_once_and_the_attempt_does_not_count(
    database: Database, start_pool: StartPool, eventually: Eventually
) -> None:
    runs: list[tuple[str, int, int]] = []

    def worker(name: str, hold: bool) -> Worker:
        async def handle(job: RunningJob) -> None:
            runs.append((name, job.attempt, job.token))
            if hold:
                await asyncio.Event().wait()

        return Worker("ingest", handle, never_exhausted, lease=LONG, attempts=1)

    first = start_pool(worker("first", hold=True), poll=LONG)
    await enqueue(database, "str")
    await eventually(lambda: runs)
    start_pool(worker("second", hold=False), poll=LONG)
    stopping = monotonic()
    await first.stop()
    await eventually(lambda: all_done(database))
    assert monotonic() - stopping < 2
    assert runs == [("first", 1, 1), ("second", 1, 2)]


async def test_a_handler_that_does_not_end_when_cancelled_is_left_behind_and_cannot_write(
    database: Database, start_pool: StartPool, eventually: Eventually
) -> None:
    began, released = asyncio.Event(), asyncio.Event()
    refused: list[bool] = []

    async def stubborn(job: RunningJob) -> None:
        began.set()
        while not released.is_set():
            try:
                await released.wait()
            except asyncio.CancelledError:
                continue
        with pytest.raises(LeaseLost):
            await write(job, "too late")
        refused.append(job.lost)

    async def handle(job: RunningJob) -> None:
        await write(job, f"attempt {job.attempt}")

    first = start_pool(Worker("ingest", stubborn, never_exhausted, lease=LONG))
    await enqueue(database, "str")
    await began.wait()
    await first.stop(timedelta(seconds=0.1))
    start_pool(Worker("ingest", handle, never_exhausted))
    await eventually(lambda: all_done(database))
    released.set()
    await eventually(lambda: refused == [True])
    assert await notes(database) == ["attempt 1"]


@pytest.mark.parametrize("ends", ["well", "badly"])
async def test_a_job_that_ends_and_one_that_cancels_it_take_locks_in_one_order(
    database: Database, start_pool: StartPool, eventually: Eventually, caplog: pytest.LogCaptureFixture, ends: str
) -> None:
    told: list[str] = []

    async def lock(transaction: Transaction, subject: str) -> None:
        await (await driver(transaction)).execute("SELECT pg_advisory_xact_lock(hashtext($1))", subject)

    async def ending(job: RunningJob) -> None:
        if ends == "badly":
            raise RuntimeError("it cannot be done")
        async with job.finish() as transaction:
            await lock(transaction, job.subject)
            told.append("finished")

    async def exhausted(transaction: Transaction, job: ExhaustedJob) -> None:
        await lock(transaction, job.subject)
        told.append("exhausted")

    async def somebody_waits() -> bool:
        async with database.system() as transaction:
            waits = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            return bool(await (await driver(transaction)).fetchval(waits))

    async with database.tenant("org") as transaction:
        await lock(transaction, "str_1")
        await enqueue(database, "str_1")
        pool = start_pool(Worker("ingest", ending, exhausted, attempts=1, lock=lock))
        await eventually(somebody_waits)
        assert await JOBS.cancel(transaction, "str_1") == 1
    await pool.stop()
    assert told == []
    assert "deadlock" not in caplog.text
