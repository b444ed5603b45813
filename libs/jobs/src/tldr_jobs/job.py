"""What a job is, and what the code that runs one is given."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

from tldr_database import Transaction


class LeaseLost(Exception):
    """Another worker holds the job now, or it was cancelled: whatever this worker still wanted to write is refused."""


class JobFailed(Exception):
    """Raised by a handler to say that trying again is of no use: the job is exhausted at once."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason


@dataclass(frozen=True, slots=True)
class NewJob:
    """Work to be done later, in another transaction, by whoever leases it.

    An organization's jobs with the same `key`, of whatever kind, run one at a time, oldest first; one that waits for
    its delay or for another attempt holds up the younger ones. `subject` is what the job is about, usually a stream;
    `cancel` takes the jobs of a subject away. `payload` is JSON.

    Workers are shared fairly between organizations: each has at least a share, and one of `priority` 10 has twice that of
    one of priority 0, of priority 20 three times. Within an organization the higher priority is leased first, then those
    `by_age`, so that none of several streams that go on at once is left behind, then the older subject, then the older job.
    """

    kind: str
    organization: str
    subject: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    key: str | None = None
    priority: int = 0
    delay: timedelta = timedelta()
    by_age: bool = False


class RunningJob(Protocol):
    """A leased job. The lease is renewed in the background for as long as the handler runs."""

    @property
    def id(self) -> int:
        """The job's number; it grows with every job of the service."""

    @property
    def kind(self) -> str:
        """Which worker runs it."""

    @property
    def organization(self) -> str:
        """Whose it is."""

    @property
    def subject(self) -> str:
        """What it is about."""

    @property
    def key(self) -> str | None:
        """What it excludes."""

    @property
    def payload(self) -> Mapping[str, Any]:
        """What it was given."""

    @property
    def attempt(self) -> int:
        """1 for the first attempt since the last progress."""

    @property
    def token(self) -> int:
        """The fencing token of this lease: larger than that of every earlier lease of this job. Part of object keys."""

    @property
    def lost(self) -> bool:
        """Whether the lease is known to be lost; long loops look here between steps."""

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """A tenant transaction that holds the lease: it locks the job's row and compares the token first.

        Raises LeaseLost before anything is written when the lease has gone. Nobody can take the lease before it ends.
        """

    def progress(self) -> AbstractAsyncContextManager[Transaction]:
        """Like `transaction`, and what it commits counts as progress: the attempts start again from one."""

    def finish(self) -> AbstractAsyncContextManager[Transaction]:
        """Like `transaction`, and the job is done when it commits. A handler that returns without it is done as well.

        The last thing a handler does. A job that was armed again meanwhile (see `Jobs.arm`) runs once more.
        """


@dataclass(frozen=True, slots=True)
class ExhaustedJob:
    """A job that failed for good, given to `Worker.exhausted`."""

    id: int
    kind: str
    organization: str
    subject: str
    payload: Mapping[str, Any]
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Worker:
    """Who runs a kind of job.

    `handle` may run for hours; it must expect to be cancelled (`asyncio.CancelledError`) on shutdown and on a lost
    lease, and to be run again from the last thing it committed. A handler that raises is tried again after a growing
    delay (doubled from `backoff` up to 60 s, with jitter), `attempts` times since the last progress; so is one whose
    process died. Then `exhausted` is called in the transaction that marks the job as failed, to publish a gap or a
    failure: an outage never looks like nothing. When `exhausted` raises, it is called again later, without end.
    Trouble with the database and shutdowns count as no attempt.
    """

    kind: str
    handle: Callable[[RunningJob], Awaitable[None]]
    exhausted: Callable[[Transaction, ExhaustedJob], Awaitable[None]]
    concurrency: int = 1
    """How many of one organization run here at a time."""
    spare: int = 1
    """How many more run when several organizations wait: one whose long jobs hold all others keeps nobody waiting for them."""
    lease: timedelta = timedelta(seconds=30)
    attempts: int = 5
    backoff: timedelta = timedelta(seconds=1)
    limit: timedelta = timedelta(minutes=10)
    """The longest time a handler may go on without progress; then it is cancelled, and the attempt has failed."""
    lock: Callable[[Transaction, str], Awaitable[None]] | None = None
    """Locks the job's subject, before the job's own row, in each transaction that ends the job. Who cancels jobs under that
    lock (see `Jobs.cancel`) takes both in the same order; without it one of the two may be rolled back as a deadlock.
    """


class Jobs(Protocol):
    """The queue of a service, used inside the transactions of its handlers.

    Promised: a job exists if and only if the transaction that asked for it committed. It is run at least once; what
    its handler commits through its own transactions is committed under a valid lease or not at all. The leases of one
    key never overlap and are given oldest first. Not promised: exactly one run, an order between keys, an order
    between jobs of a key asked for by transactions that overlapped, that a handler runs to its end, or that it has
    stopped when its lease is lost (only its writes have).
    """

    async def enqueue(self, transaction: Transaction, *jobs: NewJob) -> None:
        """Ask for jobs. Each call makes new ones."""

    async def arm(self, transaction: Transaction, job: NewJob) -> None:
        """Ask that a job of this kind and key (which must be given) starts after this transaction commits.

        One that waits for its first start will do, earlier if `job` asks for less delay and at the higher of both
        priorities; else there is a new one, by age, which runs when the running one (or the one that waits for another
        attempt) has ended. No wake-up is lost, many are answered by one run. The payload is that of the first arming of a
        run. A waiting job stays locked until the transaction ends, a running one is never waited for. Raises ValueError
        without a key.
        """

    async def cancel(self, transaction: Transaction, subject: str) -> int:
        """Take the unfinished jobs of a subject away, the running ones too: their writes are refused from now on.
        Returns how many.

        A job enqueued later for the same subject runs. Waits for transactions that running jobs have open: call it
        before taking locks that those want as well, or one of both is rolled back as a deadlock.
        """

    async def depth(self, transaction: Transaction) -> Mapping[str, int]:
        """How many jobs of each kind wait to run now; a system transaction. The autoscaling signal."""
