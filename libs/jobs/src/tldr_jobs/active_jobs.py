"""The jobs that run in this process: how much room is left, which of them ended and how."""

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import timedelta

from tldr_database import Database
from tldr_jobs.job import Worker
from tldr_jobs.lease import Lease, Room, Settlement
from tldr_jobs.leased_job import LeasedJob
from tldr_jobs.running import run

logger = logging.getLogger(__name__)

_AFTER_BUG = timedelta(seconds=60)


class ActiveJobs:
    """Starts a task for each lease; calls `changed` when a job has ended."""

    def __init__(self, database: Database, workers: Sequence[Worker], changed: Callable[[], None]) -> None:
        self._database = database
        self._workers = {worker.kind: worker for worker in workers}
        if not workers or len(self._workers) != len(workers):
            raise ValueError("a pool needs workers, and each a kind of its own")
        self._changed = changed
        self._tasks: dict[LeasedJob, asyncio.Task[Settlement | None]] = {}
        self._ended: dict[int, Settlement] = {}

    def rooms(self) -> list[Room]:
        """The kinds of which more jobs could be run."""
        busy: dict[str, int] = dict.fromkeys(self._workers, 0)
        for job in self._tasks:
            busy[job.kind] += 1
        return [
            Room(kind, worker.concurrency + worker.spare - busy[kind], worker.lease, worker.concurrency)
            for kind, worker in self._workers.items()
            if worker.concurrency + worker.spare > busy[kind]
        ]

    def ids(self) -> list[int]:
        """Jobs that run here or are to be settled: not to be leased here, even if their leases have expired."""
        return [*(job.id for job in self._tasks), *self._ended]

    def running(self) -> list[LeasedJob]:
        """Jobs whose leases are to be renewed."""
        return [job for job in self._tasks if not job.lost and not job.ended]

    def ended(self) -> list[Settlement]:
        """How jobs ended that the database does not know of yet."""
        return list(self._ended.values())

    def settled(self, settlements: Collection[Settlement], locked: Collection[int]) -> None:
        """Forget settlements that are committed; the locked ones stay."""
        for settlement in settlements:
            if settlement.lease.id not in locked:
                self._ended.pop(settlement.lease.id, None)

    def start(self, lease: Lease) -> None:
        """Run a leased job."""
        worker = self._workers[lease.kind]
        job = LeasedJob(self._database, lease, worker.lease, worker.limit, worker.lock)
        task = asyncio.create_task(run(job, worker), name=f"job {lease.id} {lease.kind}")
        self._tasks[job] = task
        task.add_done_callback(lambda task: self._on_end(job, task))

    def renewed(self, asked: Collection[LeasedJob], held: Mapping[int, bool]) -> None:
        """Note what became of leases; the handlers of lost ones are cancelled."""
        for job in asked:
            if held.get(job.id):
                job.renewed()
            elif job.id not in held and not job.ended and job in self._tasks:
                logger.warning("job %d (%s): the lease is lost, its handler is cancelled", job.id, job.kind)
                job.lose()
                self._tasks[job].cancel()

    async def dismiss(self, grace: timedelta) -> None:
        """Cancel every handler, and release the leases of those that have not ended by themselves."""
        tasks = dict(self._tasks)
        for task in tasks.values():
            task.cancel()
        if tasks:
            await asyncio.wait(tasks.values(), timeout=grace.total_seconds())
        for job in self.running():
            logger.error("job %d (%s) did not end when cancelled and is left behind", job.id, job.kind)
            job.lose()
            self._ended[job.id] = _release(job)

    def _on_end(self, job: LeasedJob, task: asyncio.Task[Settlement | None]) -> None:
        del self._tasks[job]
        settlement = _outcome(job, task)
        if settlement is not None and not job.lost and not job.ended:
            self._ended[job.id] = settlement
        self._changed()


def _outcome(job: LeasedJob, task: asyncio.Task[Settlement | None]) -> Settlement | None:
    if task.cancelled():
        return _release(job)
    if error := task.exception():
        logger.error("job %d (%s) could not be run", job.id, job.kind, exc_info=error)
        return Settlement(job.lease, "waiting", delay=_AFTER_BUG)
    return task.result()


def _release(job: LeasedJob) -> Settlement:
    return Settlement(job.lease, "waiting", counted=False)
