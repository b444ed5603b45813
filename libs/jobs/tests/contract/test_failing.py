"""Handlers that raise, hang or take their process with them, and what is said when no attempt is left."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import asyncpg

from tldr_database import Database, Transaction, driver
from tldr_jobs import ExhaustedJob, JobFailed, Jobs, NewJob, PostgresJobs, RunningJob, Worker, WorkerPool

StartPool = Callable[..., WorkerPool]
Eventually = Callable[..., Awaitable[None]]

JOBS: Jobs = PostgresJobs()
QUICKLY = timedelta(milliseconds=20)
_WRITE = "INSERT INTO effects (organization_id, subject, note) VALUES ($1, $2, $3)"


async def enqueue(database: Database, subject: str = "s") -> None:
    async with database.tenant("org") as transaction:
        await JOBS.enqueue(transaction, NewJob("analyse", "org", subject, {"segment": 7}))


async def job_row(database: Database) -> asyncpg.Record:
    async with database.system() as transaction:
        row = await (await driver(transaction)).fetchrow("SELECT * FROM jobs")
        assert row is not None
        return row


async def has_failed(database: Database) -> bool:
    return bool((await job_row(database))["state"] == "failed")


async def notes(database: Database) -> list[str]:
    async with database.system() as transaction:
        rows = await (await driver(transaction)).fetch("SELECT note FROM effects ORDER BY place")
        return [row["note"] for row in rows]


class Gaps:
    """`exhausted` that writes a gap, and fails as often as it is told to after having written."""

    def __init__(self, failures: int = 0) -> None:
        self.calls: list[ExhaustedJob] = []
        self._failures = failures

    async def __call__(self, transaction: Transaction, job: ExhaustedJob) -> None:
        self.calls.append(job)
        await (await driver(transaction)).execute(_WRITE, job.organization, job.subject, f"gap: {job.code}")
        if len(self.calls) <= self._failures:
            raise RuntimeError("the gap could not be published")


async def test_a_handler_that_raises_is_tried_again_and_then_exhausted_once_in_the_failing_transaction(
    database: Database, start_pool: StartPool, eventually: Eventually
) -> None:
    gaps = Gaps()
    attempts: list[tuple[int, int]] = []

    async def handle(job: RunningJob) -> None:
        attempts.append((job.attempt, job.token))
        raise ValueError("no\x00 frame in https://ann:hush@example.com/a?token=hush")

    start_pool(Worker("analyse", handle, gaps, attempts=3, backoff=QUICKLY))
    await enqueue(database)
    await eventually(lambda: has_failed(database))
    row = await job_row(database)
    assert attempts == [(1, 1), (2, 2), (3, 3)]
    reason = "ValueError: no frame in https://example.com/a?…"
    assert gaps.calls == [ExhaustedJob(row["id"], "analyse", "org", "s", {"segment": 7}, "unexpected_error", reason)]
    assert await notes(database) == ["gap: unexpected_error"]
    assert (row["error_code"], row["error_reason"]) == ("unexpected_error", reason)


async def test_a_job_that_says_it_failed_is_exhausted_at_once(
    database: Database, start_pool: StartPool, eventually: Eventually
) -> None:
    gaps = Gaps()

    async def handle(job: RunningJob) -> None:
        raise JobFailed("not_a_video", "the file has no video track")

    start_pool(Worker("analyse", handle, gaps))
    await enqueue(database)
    await eventually(lambda: has_failed(database))
    assert (gaps.calls[0].code, gaps.calls[0].reason) == ("not_a_video", "the file has no video track")


async def test_when_saying_so_fails_it_is_said_again_later_and_the_handler_is_not_called(
    database: Database, start_pool: StartPool, eventually: Eventually
) -> None:
    gaps = Gaps(failures=2)
    handled: list[int] = []

    async def handle(job: RunningJob) -> None:
        handled.append(job.attempt)
        raise JobFailed("not_a_video", "the file has no video track")

    start_pool(Worker("analyse", handle, gaps, attempts=5, backoff=QUICKLY))
    await enqueue(database)
    await eventually(lambda: has_failed(database))
    assert handled == [1]
    assert [(call.code, call.reason) for call in gaps.calls] == [("not_a_video", "the file has no video track")] * 3
    assert await notes(database) == ["gap: not_a_video"]


async def test_progress_starts_the_attempts_again(
    database: Database, start_pool: StartPool, eventually: Eventually
) -> None:
    gaps = Gaps()
    attempts: list[int] = []

    async def handle(job: RunningJob) -> None:
        attempts.append(job.attempt)
        if len(attempts) == 2:
            async with job.progress() as transaction:
                await (await driver(transaction)).execute(_WRITE, "org", "s", "half")
            assert job.attempt == 1
        raise ValueError("again")

    start_pool(Worker("analyse", handle, gaps, attempts=3, backoff=QUICKLY))
    await enqueue(database)
    await eventually(lambda: has_failed(database))
    assert attempts == [1, 2, 2, 3]
    assert await notes(database) == ["half", "gap: unexpected_error"]


async def test_what_a_failed_transaction_wrote_is_not_there(
    database: Database, start_pool: StartPool, eventually: Eventually
) -> None:
    gaps = Gaps()

    async def handle(job: RunningJob) -> None:
        async with job.finish() as transaction:
            await (await driver(transaction)).execute(_WRITE, "org", "s", "finished")
            raise ValueError("too late")

    start_pool(Worker("analyse", handle, gaps, attempts=1))
    await enqueue(database)
    await eventually(lambda: has_failed(database))
    assert await notes(database) == ["gap: unexpected_error"]


async def test_a_handler_without_progress_within_the_limit_is_cancelled_and_the_attempt_counts(
    database: Database, start_pool: StartPool, eventually: Eventually
) -> None:
    gaps = Gaps()
    cancelled: list[int] = []

    async def handle(job: RunningJob) -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.append(job.attempt)
            raise

    start_pool(Worker("analyse", handle, gaps, attempts=2, backoff=QUICKLY, limit=timedelta(seconds=0.2)))
    await enqueue(database)
    await eventually(lambda: has_failed(database))
    assert cancelled == [1, 2]
    assert gaps.calls[0].code == "time_limit"


async def test_a_handler_with_progress_may_go_on_past_the_limit(
    database: Database, start_pool: StartPool, eventually: Eventually
) -> None:
    gaps = Gaps()

    async def handle(job: RunningJob) -> None:
        for step in range(8):
            await asyncio.sleep(0.1)
            async with job.progress() as transaction:
                await (await driver(transaction)).execute(_WRITE, "org", "s", str(step))

    start_pool(Worker("analyse", handle, gaps, attempts=1, limit=timedelta(seconds=0.5)))
    await enqueue(database)

    async def done() -> bool:
        return bool((await job_row(database))["state"] == "done")

    await eventually(done)
    assert await notes(database) == [str(step) for step in range(8)]
    assert not gaps.calls


async def test_a_cancellation_from_inside_the_handler_is_a_failed_attempt(
    database: Database, start_pool: StartPool, eventually: Eventually
) -> None:
    gaps = Gaps()

    async def handle(job: RunningJob) -> None:
        inner = asyncio.ensure_future(asyncio.Event().wait())
        inner.cancel()
        await inner

    start_pool(Worker("analyse", handle, gaps, attempts=2, backoff=QUICKLY))
    await enqueue(database)
    await eventually(lambda: has_failed(database))
    assert gaps.calls[0].reason.startswith("CancelledError")


async def test_a_job_whose_workers_all_died_is_exhausted_without_another_run(
    database: Database, start_pool: StartPool, eventually: Eventually
) -> None:
    gaps = Gaps()

    async def handle(job: RunningJob) -> None:
        raise AssertionError("must not run")

    await enqueue(database)
    async with database.system() as transaction:
        died = "UPDATE jobs SET state = 'running', attempt = 5, token = 5, due_at = now() - interval '1 second'"
        await (await driver(transaction)).execute(died)
    start_pool(Worker("analyse", handle, gaps, attempts=5))
    await eventually(lambda: has_failed(database))
    assert gaps.calls[0].code == "worker_lost"
