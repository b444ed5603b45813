"""The job that writes down a login that was refused."""

from dataclasses import dataclass

from tldr_database import Database, Transaction
from tldr_gateway.adapters.audit.books_postgres import PostgresBooks
from tldr_gateway.adapters.sessions.refusals_jobs import REFUSED
from tldr_gateway.application.members.ports import People
from tldr_gateway.domain.accounts.networks import address_of
from tldr_jobs import ExhaustedJob, RunningJob, Worker
from tldr_service import Clock
from tldr_telemetry import logger

_log = logger(__name__)


@dataclass(frozen=True, slots=True)
class RefusalJobs:
    """The handler."""

    database: Database
    people: People
    clock: Clock

    def workers(self) -> tuple[Worker, ...]:
        """Who runs it."""
        return (Worker(REFUSED, self.write, self.given_up),)

    async def write(self, job: RunningJob) -> None:
        """Where the address is a member's, the log of their organization has it."""
        member = await self.people.by_email(job.payload["email"])
        if member is None:
            return
        where = job.payload["address"]
        async with self.database.tenant(member.organization) as transaction:
            books = PostgresBooks(transaction, member.organization, address_of(where) if where else None)
            await books.audit(actor="system", action="login.refused", subject=member.id, at=self.clock.now())

    async def given_up(self, transaction: Transaction, job: ExhaustedJob) -> None:
        """The audit log lacks it, so the operator is told."""
        _log.error("a refused login was not written down", job=job.id, code="refusal_given_up", reason=job.reason)
