"""The transactions of a job that works on a stream: one to look in, one that keeps a part of the work, one that ends it."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

from tldr_database import Transaction
from tldr_jobs import RunningJob

W = TypeVar("W")
Transact = Callable[[], AbstractAsyncContextManager[W]]


@dataclass(frozen=True, slots=True)
class Transactions(Generic[W]):
    """`look` opens a transaction to read in, `progress` one that keeps a part of the work, `finish` one that ends the job.

    Each yields what the use case may touch in it, and writes nothing once the job's lease is lost.
    """

    look: Transact[W]
    progress: Transact[W]
    finish: Transact[W]

    @classmethod
    def of(cls, job: RunningJob, work: Callable[[Transaction, str, int], W]) -> "Transactions[W]":
        """The transactions of a job whose payload holds the stream's lane."""

        @asynccontextmanager
        async def bound(opened: AbstractAsyncContextManager[Transaction]) -> AsyncIterator[W]:
            async with opened as transaction:
                yield work(transaction, job.organization, job.payload["lane"])

        return cls(
            look=lambda: bound(job.transaction()),
            progress=lambda: bound(job.progress()),
            finish=lambda: bound(job.finish()),
        )
