"""Open proofs of e-mail in PostgreSQL."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tldr_contracts.ids import OrganizationId
from tldr_database import Database, Transaction
from tldr_gateway.adapters.tables import email_proofs
from tldr_gateway.domain.members.email_proof import EmailProof, ProofKind
from tldr_gateway.domain.members.member import Role


@dataclass(frozen=True, slots=True)
class PostgresProofs:
    """The proofs of the organization that the transaction is bound to."""

    transaction: Transaction

    async def add(self, proof: EmailProof) -> None:
        """Keep one."""
        await self.transaction.execute(
            sa.insert(email_proofs).values(
                proof_id=proof.id,
                organization_id=proof.organization,
                kind=proof.kind,
                email=proof.email,
                created_at=proof.created_at,
                expires_at=proof.expires_at,
                organization_name=proof.organization_name,
                password=proof.password,
                role=proof.role,
                created_by=proof.created_by,
            )
        )

    async def get(self, proof: str) -> EmailProof | None:
        """One of them."""
        query = sa.select(email_proofs).where(email_proofs.c.proof_id == proof)
        row = (await self.transaction.execute(query)).one_or_none()
        return proof_of(row) if row else None

    async def proven_with(self, proof: str, token_digest: bytes) -> None:
        """From now on this token proves it."""
        await self.transaction.execute(
            sa.update(email_proofs).where(email_proofs.c.proof_id == proof).values(token_digest=token_digest)
        )

    async def take(self, proof: str, token_digest: bytes) -> EmailProof | None:
        """One of them, gone with this transaction; of two who take it at a time one gets it."""
        taking = (
            sa.delete(email_proofs)
            .where(email_proofs.c.proof_id == proof, email_proofs.c.token_digest == token_digest)
            .returning(email_proofs)
        )
        row = (await self.transaction.execute(taking)).one_or_none()
        return proof_of(row) if row else None

    async def open(self, kind: ProofKind, now: datetime) -> Sequence[EmailProof]:
        """Those that are not over, newest first."""
        query = (
            sa.select(email_proofs)
            .where(email_proofs.c.kind == kind, email_proofs.c.expires_at > now)
            .order_by(email_proofs.c.proof_id.desc())
            .limit(1000)
        )
        return [proof_of(row) for row in await self.transaction.execute(query)]

    async def remove(self, proof: str) -> bool:
        """Take one out."""
        done = await self.transaction.execute(sa.delete(email_proofs).where(email_proofs.c.proof_id == proof))
        return bool(done.rowcount)

    async def remove_resets(self, email: str) -> None:
        """Take out all that would set the password of this address."""
        resets = (email_proofs.c.kind == ProofKind.PASSWORD_RESET) & (email_proofs.c.email == email)
        await self.transaction.execute(sa.delete(email_proofs).where(resets))

    async def remove_those_by(self, maker: str) -> None:
        """Take out those that somebody made."""
        await self.transaction.execute(sa.delete(email_proofs).where(email_proofs.c.created_by == maker))


@dataclass(frozen=True, slots=True)
class PostgresOpenProofs:
    """The proofs of an organization, in a transaction that ends with the block."""

    database: Database

    @asynccontextmanager
    async def __call__(self, organization: OrganizationId) -> AsyncIterator[PostgresProofs]:
        """Open it."""
        async with self.database.tenant(organization) as transaction:
            yield PostgresProofs(transaction)


def proof_of(row: Any) -> EmailProof:
    """A proof as it is kept."""
    return EmailProof(
        id=row.proof_id,
        organization=OrganizationId(row.organization_id),
        kind=ProofKind(row.kind),
        email=row.email,
        created_at=row.created_at,
        expires_at=row.expires_at,
        organization_name=row.organization_name,
        password=row.password,
        role=Role(row.role) if row.role else None,
        created_by=row.created_by,
    )
