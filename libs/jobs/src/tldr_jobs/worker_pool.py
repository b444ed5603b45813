"""The workers of a service: one loop that leases and settles, one that renews, one that listens, one that sweeps."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

import asyncpg

from tldr_database import Database, driver
from tldr_jobs import leases
from tldr_jobs.active_jobs import ActiveJobs
from tldr_jobs.job import Worker
from tldr_jobs.listener import Listener
from tldr_jobs.retention import sweep

logger = logging.getLogger(__name__)

_POLL = timedelta(seconds=2)
_AFTER_TROUBLE = 1.0
_AFTER_LOCKED = 0.05
_SWEEP_SECONDS = 300.0
_ROUND_TRIP_SECONDS = 5.0


class WorkerPool:
    """Runs the jobs of a service's kinds, as many of each at a time as its worker allows.

    Any number of pools, in any number of processes, may share a database. Idle, a pool costs two small queries every `poll`.
    Trouble with the database is waited out.
    """

    def __init__(self, database: Database, workers: Sequence[Worker], *, poll: timedelta = _POLL) -> None:
        self._database = database
        self._active = ActiveJobs(database, workers, self._look)
        self._kinds = [worker.kind for worker in workers]
        self._beat_seconds = min(worker.lease for worker in workers).total_seconds() / 3
        self._poll_seconds = poll.total_seconds()
        self._listener = Listener(database.address.system, self._on_notification)
        self._wake = asyncio.Event()
        self._beat = asyncio.Event()
        self._stopping = asyncio.Event()
        self._stopped = asyncio.Event()
        self._stopped.set()
        self._grace = timedelta(seconds=5)

    async def run(self) -> None:
        """Run until `stop`, or until cancelled, which does the same as `stop`."""
        self._stopped.clear()
        leasing = asyncio.create_task(self._repeat(self._lease))
        others = [
            asyncio.create_task(work)
            for work in (self._repeat(self._renew), self._repeat(self._sweep), self._listener.run())
        ]
        try:
            await asyncio.wait([leasing, *others], return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._ask_to_stop()
            # A round in hand is ended, not cancelled: what it leased is known then, and can be given back.
            await asyncio.wait([leasing], timeout=_ROUND_TRIP_SECONDS)
            await self._active.dismiss(self._grace)
            await self._give_back()
            for task in (leasing, *others):
                task.cancel()
            results = await asyncio.gather(leasing, *others, return_exceptions=True)
            self._stopped.set()
        for result in results:
            if isinstance(result, Exception):
                raise result

    async def stop(self, grace: timedelta = timedelta(seconds=5)) -> None:
        """Lease no more, cancel the handlers, and give their leases back at once, so that another pool goes on.

        Attempts ended like this do not count. Handlers that have not ended after `grace` are left behind; their writes
        are refused.
        """
        self._grace = grace
        self._ask_to_stop()
        await self._stopped.wait()

    def _ask_to_stop(self) -> None:
        self._stopping.set()
        self._wake.set()

    def _look(self) -> None:
        self._wake.set()

    def _on_notification(self, kind: str) -> None:
        if not kind:
            self._beat.set()
        if not kind or kind in self._kinds:
            self._wake.set()

    async def _repeat(self, step: Callable[[], Awaitable[None]]) -> None:
        while not self._stopping.is_set():
            try:
                await step()
            except Exception:
                logger.warning("a step of the job workers failed and is tried again", exc_info=True)
                await asyncio.sleep(_AFTER_TROUBLE * random.uniform(0.5, 1.5))  # noqa: S311 - not a secret

    async def _lease(self) -> None:
        self._wake.clear()
        seconds = await self._round()
        if not self._stopping.is_set():
            await _wait(self._wake, seconds)

    async def _round(self) -> float:
        """Settle what ended, lease what may run, and start it. Returns after how many seconds to look again, unless woken."""
        settlements, rooms = self._active.ended(), self._active.rooms()
        if not settlements and not rooms:
            return self._poll_seconds
        try:
            async with self._database.system() as transaction:
                connection = await driver(transaction)
                locked = await leases.settle(connection, settlements)
                taken = await leases.take(connection, rooms, self._active.ids())
                due = await leases.next_due(connection, [room.kind for room in rooms])
        except asyncpg.UniqueViolationError:
            return _AFTER_LOCKED
        self._active.settled(settlements, locked)
        for lease in taken:
            self._active.start(lease)
        return _AFTER_LOCKED if locked else min(self._poll_seconds, due)

    async def _renew(self) -> None:
        await _wait(self._beat, self._beat_seconds)
        self._beat.clear()
        running = self._active.running()
        if running:
            async with self._database.system() as transaction:
                held = await leases.renew(await driver(transaction), [(job.lease, job.length) for job in running])
            self._active.renewed(running, held)

    async def _sweep(self) -> None:
        # At a time of its own, so that replicas started together do not sweep together.
        await asyncio.sleep(_SWEEP_SECONDS * random.uniform(0.5, 1.0))  # noqa: S311 - not a secret
        deleted = 1
        while deleted:
            async with self._database.system() as transaction:
                deleted = await sweep(transaction)

    async def _give_back(self) -> None:
        """Settle and release within a few seconds; what cannot be settled now is taken over when its lease expires."""
        settlements = self._active.ended()
        if not settlements:
            return
        try:
            async with asyncio.timeout(_ROUND_TRIP_SECONDS), self._database.system() as transaction:
                connection = await driver(transaction)
                locked = await leases.settle(connection, settlements)
                await leases.announce(connection, {settlement.lease.kind for settlement in settlements})
            self._active.settled(settlements, locked)
        except Exception:
            logger.warning("could not give %d leases back; they will expire", len(settlements), exc_info=True)


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
