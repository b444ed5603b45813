"""A job while it runs here: its transactions, each of them fenced by the lease's token."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from time import monotonic
from typing import Any

import asyncpg

from tldr_database import Database, Transaction, driver
from tldr_jobs.job import LeaseLost
from tldr_jobs.lease import Lease

_HOLD = "SELECT true FROM jobs WHERE id = $1 AND token = $2 AND state = 'running' FOR NO KEY UPDATE"
_RENEW = "UPDATE jobs SET due_at = clock_timestamp() + $2::interval WHERE id = $1"
_PROGRESS = "UPDATE jobs SET attempt = 1, due_at = clock_timestamp() + $2::interval WHERE id = $1"
_FINISH = "UPDATE jobs SET state = 'done', finished_at = now() WHERE id = $1"
_FAIL = """
UPDATE jobs SET state = 'failed', finished_at = now(), exhausted = true, error_code = $2, error_reason = $3 WHERE id = $1
"""

Lock = Callable[[Transaction, str], Awaitable[None]]


class LeasedJob:
    """`RunningJob` over a lease."""

    def __init__(
        self, database: Database, lease: Lease, length: timedelta, limit: timedelta, lock: Lock | None = None
    ) -> None:
        self.lease = lease
        self.length = length
        self.ended = False
        """Whether a transaction that ended the job was committed."""
        self._database = database
        self._limit = limit.total_seconds()
        self._lock = lock
        self._attempt = lease.attempt
        self._lost = False
        self._renewed_at = monotonic()
        self._deadline: asyncio.Timeout | None = None

    @property
    def id(self) -> int:
        """See `RunningJob.id`."""
        return self.lease.id

    @property
    def kind(self) -> str:
        """See `RunningJob.kind`."""
        return self.lease.kind

    @property
    def organization(self) -> str:
        """See `RunningJob.organization`."""
        return self.lease.organization

    @property
    def subject(self) -> str:
        """See `RunningJob.subject`."""
        return self.lease.subject

    @property
    def key(self) -> str | None:
        """See `RunningJob.key`."""
        return self.lease.key

    @property
    def payload(self) -> Mapping[str, Any]:
        """See `RunningJob.payload`."""
        return self.lease.payload

    @property
    def attempt(self) -> int:
        """See `RunningJob.attempt`."""
        return self._attempt

    @property
    def token(self) -> int:
        """See `RunningJob.token`."""
        return self.lease.token

    @property
    def lost(self) -> bool:
        """See `RunningJob.lost`."""
        return self._lost

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """See `RunningJob.transaction`."""
        async with self._held() as (transaction, connection):
            yield transaction
            # While the row is locked the heartbeat passes it over, so a long transaction renews the lease itself.
            renews = monotonic() - self._renewed_at > self.length.total_seconds() / 3
            if renews:
                await connection.execute(_RENEW, self.id, self.length)
        if renews:
            self.renewed()

    @asynccontextmanager
    async def progress(self) -> AsyncIterator[Transaction]:
        """See `RunningJob.progress`."""
        async with self._held() as (transaction, connection):
            yield transaction
            await connection.execute(_PROGRESS, self.id, self.length)
        self._attempt = 1
        self.renewed()
        self._postpone_limit()

    @asynccontextmanager
    async def finish(self) -> AsyncIterator[Transaction]:
        """See `RunningJob.finish`."""
        async with self._held(self._lock) as (transaction, connection):
            yield transaction
            await connection.execute(_FINISH, self.id)
        self.ended = True

    @asynccontextmanager
    async def fail(self, code: str, reason: str) -> AsyncIterator[Transaction]:
        """Like `finish`, and the job has failed for good when it commits."""
        async with self._held(self._lock) as (transaction, connection):
            yield transaction
            await connection.execute(_FAIL, self.id, code, reason)
        self.ended = True

    @asynccontextmanager
    async def limited(self) -> AsyncIterator[asyncio.Timeout]:
        """Cancel the block (it raises TimeoutError) when it goes on for longer than the limit without progress."""
        async with asyncio.timeout(self._limit) as self._deadline:
            yield self._deadline

    def renewed(self) -> None:
        """Note that the lease was renewed just now."""
        self._renewed_at = monotonic()

    def lose(self) -> None:
        """Note that the lease is somebody else's, or nobody's."""
        self._lost = True

    @asynccontextmanager
    async def _held(self, lock: Lock | None = None) -> AsyncIterator[tuple[Transaction, asyncpg.Connection]]:
        async with self._database.tenant(self.organization) as transaction:
            if lock is not None:
                await lock(transaction, self.subject)
            connection = await driver(transaction)
            if not await connection.fetchval(_HOLD, self.id, self.token):
                self.lose()
                raise LeaseLost(f"job {self.id} ({self.kind}): the lease with token {self.token} is gone")
            yield transaction, connection

    def _postpone_limit(self) -> None:
        if self._deadline is not None and not self._deadline.expired():
            self._deadline.reschedule(asyncio.get_running_loop().time() + self._limit)
