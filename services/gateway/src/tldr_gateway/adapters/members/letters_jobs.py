"""Letters to be written, as jobs of the transaction that asks for them."""

from dataclasses import dataclass

from tldr_database import Transaction
from tldr_gateway.domain.members.email_proof import EmailProof
from tldr_jobs import Jobs, NewJob

PROVE, RESET = "letter", "password_reset_letter"
NOBODY = "org_none"
"""Whose a letter is while nobody has looked who has the address."""


@dataclass(frozen=True, slots=True)
class QueuedLetters:
    """Asks for letters."""

    jobs: Jobs
    transaction: Transaction

    async def prove(self, proof: EmailProof) -> None:
        """For a registration or an invitation."""
        await self.jobs.enqueue(self.transaction, NewJob(PROVE, proof.organization, proof.id))

    async def reset_password(self, email: str) -> None:
        """For whoever has this address; in a transaction of nobody."""
        await self.jobs.enqueue(self.transaction, NewJob(RESET, NOBODY, "password_reset", {"email": email}))
