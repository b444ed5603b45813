"""Whoever proves the address chooses a new password."""

from dataclasses import dataclass, replace

from tldr_gateway.application.members.confirm_registration import taken
from tldr_gateway.application.members.errors import InvalidEmailToken
from tldr_gateway.application.members.ports import Members, Proofs
from tldr_gateway.application.ports import Books
from tldr_gateway.application.sessions.ports import Sessions
from tldr_gateway.domain.members.email_proof import EmailProof, ProofKind
from tldr_gateway.domain.members.member import Member
from tldr_service import Clock


@dataclass(frozen=True, slots=True)
class ResetPassword:
    """Set the password, end all sessions, and let no other letter set it again."""

    proofs: Proofs
    members: Members
    sessions: Sessions
    books: Books
    clock: Clock

    async def __call__(self, found: EmailProof, token_digest: bytes, password: str) -> Member:
        """`password` is a hash; InvalidEmailToken."""
        proof = await taken(self.proofs, found, ProofKind.PASSWORD_RESET, token_digest, self.clock)
        now = self.clock.now()
        member = next((one for one in await self.members.all() if one.email == proof.email), None)
        if member is None:
            raise InvalidEmailToken
        await self.members.save(replace(member, password=password))
        await self.sessions.end_all_of(member.id, now)
        await self.proofs.remove_resets(proof.email)
        await self.books.audit(actor=member.id, action="member.password_reset", subject=member.id, at=now)
        return member
