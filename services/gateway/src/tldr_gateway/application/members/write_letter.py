"""The letters that prove an address. Tokens are made here, and are nowhere but in the letter."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from tldr_contracts.ids import OrganizationId, new_id
from tldr_gateway.application.members.ports import Letter, Mail, People, Proofs
from tldr_gateway.application.members.texts import Texts
from tldr_gateway.domain.members.email_proof import EmailProof, ProofKind, digest_of, new_token
from tldr_service import Clock

OpenProofs = Callable[[OrganizationId], AbstractAsyncContextManager[Proofs]]
"""The proofs of an organization in a transaction that ends with the block."""


@dataclass(frozen=True, slots=True)
class WriteLetter:
    """Writes and sends; when a letter was not taken, it is written anew, and an older token proves nothing any more."""

    people: People
    proofs: OpenProofs
    mail: Mail
    texts: Texts
    clock: Clock

    async def prove(self, organization: OrganizationId, proof: str) -> None:
        """For a registration or an invitation. Whoever has an account already is told so, and nobody else is.

        MailUnavailable.
        """
        async with self.proofs(organization) as proofs:
            found = await proofs.get(proof)
            if found is None or found.expires_at <= self.clock.now():
                return
            if await self.people.by_email(found.email) is None:
                letter = await self._with_token(proofs, found)
            else:
                letter = self.texts.has_account(found)
                if found.kind is ProofKind.REGISTRATION:
                    await proofs.remove(found.id)
        await self.mail.send(letter)

    async def reset_password(self, email: str) -> None:
        """For whoever has this address. MailUnavailable."""
        member, now, kind = await self.people.by_email(email), self.clock.now(), ProofKind.PASSWORD_RESET
        if member is None:
            return
        proof = EmailProof(new_id(kind.prefix), member.organization, kind, member.email, now, now + kind.lifetime)
        async with self.proofs(member.organization) as proofs:
            await proofs.add(proof)
            letter = await self._with_token(proofs, proof)
        await self.mail.send(letter)

    async def _with_token(self, proofs: Proofs, proof: EmailProof) -> Letter:
        token = new_token()
        await proofs.proven_with(proof.id, digest_of(token))
        return self.texts.with_token(proof, token)
