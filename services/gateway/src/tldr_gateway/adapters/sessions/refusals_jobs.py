"""Logins that were refused, as jobs: the answer takes as long whoever has the address."""

from dataclasses import dataclass

from tldr_database import Database
from tldr_gateway.adapters.members.letters_jobs import NOBODY
from tldr_jobs import Jobs, NewJob

REFUSED = "login_refused"


@dataclass(frozen=True, slots=True)
class QueuedRefusals:
    """Asks for an entry in the audit log of whoever has the address."""

    jobs: Jobs
    database: Database

    async def refused(self, email: str, address: str | None) -> None:
        """In a transaction of its own, of nobody."""
        job = NewJob(REFUSED, NOBODY, "login", {"email": email, "address": address})
        async with self.database.tenant(NOBODY) as transaction:
            await self.jobs.enqueue(transaction, job)
