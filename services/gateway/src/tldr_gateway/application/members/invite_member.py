"""Somebody is invited, and comes."""

from dataclasses import dataclass

from tldr_contracts.ids import new_id
from tldr_gateway.application.accounts.caller import Caller
from tldr_gateway.application.members.change_members import require_role
from tldr_gateway.application.members.confirm_registration import taken
from tldr_gateway.application.members.errors import InvalidEmailToken, InvitationNotFound, MemberExists, TooManyMembers
from tldr_gateway.application.members.ports import Letters, Members, Proofs
from tldr_gateway.application.ports import Books, Organizations
from tldr_gateway.domain.members.email_proof import EmailProof, ProofKind
from tldr_gateway.domain.members.member import MAX_MEMBERS, Member, Role, folded
from tldr_service import Clock


@dataclass(frozen=True, slots=True)
class InviteMember:
    """Invite somebody to a role that may do no more than the caller. It shows nowhere whether they have an account elsewhere."""

    organizations: Organizations
    members: Members
    proofs: Proofs
    letters: Letters
    books: Books
    clock: Clock

    async def __call__(self, caller: Caller, *, email: str, role: Role) -> EmailProof:
        """The invitation; RoleNotYours, MemberExists, TooManyMembers."""
        require_role(caller, role)
        await self.organizations.lock(caller.organization)
        now, kind, email = self.clock.now(), ProofKind.INVITATION, folded(email)
        members, invited = await self.members.all(), await self.proofs.open(kind, now)
        if email in {one.email for one in members} | {one.email for one in invited}:
            raise MemberExists
        if len(members) + len(invited) >= MAX_MEMBERS:
            raise TooManyMembers(MAX_MEMBERS)
        proof = EmailProof(
            id=new_id(kind.prefix),
            organization=caller.organization,
            kind=kind,
            email=email,
            created_at=now,
            expires_at=now + kind.lifetime,
            role=role,
            created_by=caller.key,
        )
        await self.proofs.add(proof)
        await self.letters.prove(proof)
        told = {"email": email, "role": role}
        await self.books.audit(actor=caller.key, action="member.invited", subject=proof.id, at=now, after=told)
        return proof


@dataclass(frozen=True, slots=True)
class RevokeInvitation:
    """Take an invitation back."""

    proofs: Proofs
    books: Books
    clock: Clock

    async def __call__(self, caller: Caller, invitation: str) -> None:
        """InvitationNotFound, RoleNotYours."""
        found, now = await self.proofs.get(invitation), self.clock.now()
        if found is None or found.kind is not ProofKind.INVITATION or found.role is None or found.expires_at <= now:
            raise InvitationNotFound
        require_role(caller, found.role)
        await self.proofs.remove(invitation)
        told = {"email": found.email, "role": found.role}
        await self.books.audit(
            actor=caller.key, action="member.invitation_revoked", subject=invitation, at=now, before=told
        )


@dataclass(frozen=True, slots=True)
class AcceptInvitation:
    """Whoever was invited comes, with a password."""

    proofs: Proofs
    members: Members
    books: Books
    clock: Clock

    async def __call__(self, found: EmailProof, token_digest: bytes, password: str) -> Member:
        """The member; InvalidEmailToken, EmailTaken. `password` is a hash."""
        proof = await taken(self.proofs, found, ProofKind.INVITATION, token_digest, self.clock)
        if proof.role is None:
            raise InvalidEmailToken
        now = self.clock.now()
        member = Member(new_id("usr"), proof.organization, proof.email, proof.role, now, password)
        await self.members.add(member)
        told = {"email": member.email, "role": member.role, "invitation": proof.id}
        await self.books.audit(actor=member.id, action="member.joined", subject=member.id, at=now, after=told)
        return member
