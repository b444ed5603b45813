"""Run one leased job, and say how its lease ends."""

import asyncio
import logging
from datetime import timedelta

from tldr_database import Trouble, trouble_of
from tldr_jobs.backoff import backoff
from tldr_jobs.job import ExhaustedJob, JobFailed, LeaseLost, Worker
from tldr_jobs.lease import Settlement
from tldr_jobs.leased_job import LeasedJob
from tldr_secrets import struck

logger = logging.getLogger(__name__)

_AFTER_TROUBLE = timedelta(seconds=2)
# With the time-outs themselves five attempts take some five minutes: a loaded database has recovered by then.
_AFTER_SLOW = timedelta(seconds=30)
_REASON_LENGTH = 1000


async def run(job: LeasedJob, worker: Worker) -> Settlement | None:
    """Call the handler, or `exhausted` when it has no attempt left. How the lease ends; None when it has ended already.

    Raises CancelledError when the calling task was cancelled.
    """
    if job.lease.exhausted:
        return await _give_up(job, worker, job.lease.code or "unexpected_error", job.lease.reason or "")
    if job.attempt > worker.attempts:
        # The attempt before never said how it ended: its process died, or was cut off for longer than its lease.
        code, reason = (
            job.lease.code or "worker_lost",
            job.lease.reason or "the worker was lost before it could end the job",
        )
        return await _give_up(job, worker, code, reason)
    return await _attempt(job, worker)


async def _attempt(job: LeasedJob, worker: Worker) -> Settlement | None:
    deadline: asyncio.Timeout | None = None
    try:
        async with job.limited() as deadline:
            await worker.handle(job)
    except (Exception, asyncio.CancelledError) as error:
        if _is_own_cancellation(error):
            raise
        if deadline is not None and deadline.expired() and isinstance(error, TimeoutError):
            return await _failed(job, worker, "time_limit", f"no progress for {worker.limit}")
        return await _judge(job, worker, error)
    return None if job.ended else Settlement(job.lease, "done")


async def _judge(job: LeasedJob, worker: Worker, error: BaseException) -> Settlement | None:
    if job.ended:
        logger.error("job %d (%s) raised after it had ended", job.id, job.kind, exc_info=error)
        return None
    if isinstance(error, LeaseLost):
        job.lose()
        return None
    if isinstance(error, JobFailed):
        return await _give_up(job, worker, error.code, error.reason)
    trouble = trouble_of(error)
    if trouble is Trouble.AWAY:
        logger.warning("job %d (%s) waits for the database: %s", job.id, job.kind, error)
        return Settlement(job.lease, "waiting", delay=backoff(_AFTER_TROUBLE, 1), counted=False)
    if trouble is Trouble.SLOW:
        logger.warning("job %d (%s), attempt %d: the database was too slow: %s", job.id, job.kind, job.attempt, error)
        return await _failed(job, worker, "database_slow", f"{type(error).__name__}: {error}", _AFTER_SLOW)
    log = logger.info if job.attempt < worker.attempts else logger.warning  # what is tried again may yet go well
    log("job %d (%s), attempt %d of %d", job.id, job.kind, job.attempt, worker.attempts, exc_info=error)
    return await _failed(job, worker, "unexpected_error", f"{type(error).__name__}: {error}")


async def _failed(
    job: LeasedJob, worker: Worker, code: str, reason: str, first: timedelta | None = None
) -> Settlement | None:
    if job.attempt >= worker.attempts:
        return await _give_up(job, worker, code, reason)
    delay = backoff(max(first or worker.backoff, worker.backoff), job.attempt)
    return Settlement(job.lease, "waiting", delay=delay, code=code, reason=_stored(reason))


async def _give_up(job: LeasedJob, worker: Worker, code: str, reason: str) -> Settlement | None:
    reason = _stored(reason)
    exhausted = ExhaustedJob(job.id, job.kind, job.organization, job.subject, job.payload, code, reason)
    try:
        async with job.limited(), job.fail(code, reason) as transaction:
            await worker.exhausted(transaction, exhausted)
    except LeaseLost:
        return None
    except (Exception, asyncio.CancelledError) as error:
        if _is_own_cancellation(error):
            raise
        logger.exception("job %d (%s) failed, and saying so failed as well; trying again", job.id, job.kind)
        delay = backoff(worker.backoff, job.attempt)
        return Settlement(job.lease, "waiting", delay=delay, exhausted=True, code=code, reason=reason)
    logger.warning("job %d (%s) failed for good: %s: %s", job.id, job.kind, code, reason)
    return None


def _is_own_cancellation(error: BaseException) -> bool:
    # A CancelledError that nobody asked this task for comes from something the handler awaited, and is its failing.
    task = asyncio.current_task()
    return isinstance(error, asyncio.CancelledError) and task is not None and task.cancelling() > 0


def _stored(reason: str) -> str:
    # PostgreSQL's text holds no NUL, and an error that nobody foresaw may quote a customer's address.
    return struck(reason.replace("\x00", ""))[:_REASON_LENGTH]
