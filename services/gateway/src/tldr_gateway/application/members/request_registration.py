"""Somebody wants to register an organization, and is to prove their address first."""

from dataclasses import dataclass

from tldr_contracts.ids import OrganizationId, new_id
from tldr_gateway.application.members.ports import Letters, Proofs
from tldr_gateway.domain.members.email_proof import EmailProof, ProofKind
from tldr_gateway.domain.members.member import folded
from tldr_service import Clock


@dataclass(frozen=True, slots=True)
class RequestRegistration:
    """Keep what is asked for until the address is proven. Whether somebody has it is looked up after the answer."""

    proofs: Proofs
    letters: Letters
    clock: Clock

    async def __call__(self, organization: OrganizationId, *, name: str, email: str, password: str) -> None:
        """`password` is a hash."""
        now, kind = self.clock.now(), ProofKind.REGISTRATION
        proof = EmailProof(
            id=new_id(kind.prefix),
            organization=organization,
            kind=kind,
            email=folded(email),
            created_at=now,
            expires_at=now + kind.lifetime,
            organization_name=name,
            password=password,
        )
        await self.proofs.add(proof)
        await self.letters.prove(proof)
