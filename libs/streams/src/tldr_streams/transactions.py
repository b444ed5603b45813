"""The transactions of a job that works on a stream: one to look in, one that keeps a part of the work, one that ends it."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

from tldr_database import Transaction
from tldr_jobs import RunningJob

W_co = TypeVar("W_co", covariant=True)
Transact = Callable[[], AbstractAsyncContextManager[W_co]]


@dataclass(frozen=True, slots=True)
class Transactions(Generic[W_co]):
    """`look` opens a transaction to read in, `progress` one that keeps a part of the work, `finish` one that ends the job.

    Each yields what the use case may touch in it, and writes nothing once the job's lease is lost.
    """

    look: Transact[W_co]
    progress: Transact[W_co]
    finish: Transact[W_co]

    @classmethod
    def of(cls, job: RunningJob, work: Callable[[Transaction, str, int], W_co]) -> "Transactions[W_co]":
        """The transactions of a job whose payload holds the stream's lane."""
        return cls.over(job, lambda transaction: work(transaction, job.organization, job.payload["lane"]))

    @classmethod
    def over(cls, job: RunningJob, work: Callable[[Transaction], W_co]) -> "Transactions[W_co]":
        """The transactions of a job; `work` binds what may be touched to one of them."""

        @asynccontextmanager
        async def bound(opened: AbstractAsyncContextManager[Transaction]) -> AsyncIterator[W_co]:
            async with opened as transaction:
                yield work(transaction)

        return cls(
            look=lambda: bound(job.transaction()),
            progress=lambda: bound(job.progress()),
            finish=lambda: bound(job.finish()),
        )
