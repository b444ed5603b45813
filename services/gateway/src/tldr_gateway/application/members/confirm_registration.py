"""The address of a registration is proven: the organization comes to be."""

from dataclasses import dataclass

from tldr_gateway.application.accounts.register_organization import Registered, RegisterOrganization
from tldr_gateway.application.members.errors import InvalidEmailToken
from tldr_gateway.application.members.ports import Proofs
from tldr_gateway.domain.members.email_proof import EmailProof, ProofKind
from tldr_service import Clock


async def taken(proofs: Proofs, found: EmailProof, kind: ProofKind, token_digest: bytes, clock: Clock) -> EmailProof:
    """The proof, which is good no more if this transaction commits; InvalidEmailToken."""
    proof = await proofs.take(found.id, token_digest)
    if proof is None or proof.kind is not kind or proof.expires_at <= clock.now():
        raise InvalidEmailToken
    return proof


@dataclass(frozen=True, slots=True)
class ConfirmRegistration:
    """Register what was asked for."""

    proofs: Proofs
    register: RegisterOrganization
    clock: Clock

    async def __call__(self, found: EmailProof, token_digest: bytes, *, plan: str) -> Registered:
        """The organization with its owner and first key; InvalidEmailToken, EmailTaken."""
        proof = await taken(self.proofs, found, ProofKind.REGISTRATION, token_digest, self.clock)
        return await self.register(
            proof.organization,
            name=proof.organization_name or "",
            email=proof.email,
            plan=plan,
            password=proof.password,
        )
