"""The use cases about people in one transaction."""

from dataclasses import dataclass

from tldr_database import Transaction
from tldr_gateway.adapters.members.letters_jobs import QueuedLetters
from tldr_gateway.adapters.members.members_postgres import PostgresMembers
from tldr_gateway.adapters.members.proofs_postgres import PostgresProofs
from tldr_gateway.application.accounts.register_organization import RegisterOrganization
from tldr_gateway.application.members.change_members import ChangeMembers
from tldr_gateway.application.members.confirm_registration import ConfirmRegistration
from tldr_gateway.application.members.invite_member import AcceptInvitation, InviteMember, RevokeInvitation
from tldr_gateway.application.members.request_registration import RequestRegistration
from tldr_gateway.application.ports import Books, Organizations
from tldr_jobs import Jobs
from tldr_service import Clock


@dataclass(frozen=True, slots=True)
class Membership:
    """Everything a use case about people may touch."""

    transaction: Transaction
    organizations: Organizations
    register: RegisterOrganization
    books: Books
    jobs: Jobs
    clock: Clock

    @property
    def members(self) -> PostgresMembers:
        """The organization's members."""
        return PostgresMembers(self.transaction)

    @property
    def proofs(self) -> PostgresProofs:
        """Its open proofs of e-mail."""
        return PostgresProofs(self.transaction)

    @property
    def letters(self) -> QueuedLetters:
        """What is to be written to somebody."""
        return QueuedLetters(self.jobs, self.transaction)

    @property
    def request_registration(self) -> RequestRegistration:
        """Ask for an organization."""
        return RequestRegistration(self.proofs, self.letters, self.clock)

    @property
    def confirm_registration(self) -> ConfirmRegistration:
        """Register it, now that the address is proven."""
        return ConfirmRegistration(self.proofs, self.register, self.clock)

    @property
    def change(self) -> ChangeMembers:
        """Give somebody another role, or take them out."""
        return ChangeMembers(self.organizations, self.members, self.proofs, self.books, self.clock)

    @property
    def invite(self) -> InviteMember:
        """Invite somebody."""
        return InviteMember(self.organizations, self.members, self.proofs, self.letters, self.books, self.clock)

    @property
    def revoke_invitation(self) -> RevokeInvitation:
        """Take an invitation back."""
        return RevokeInvitation(self.proofs, self.books, self.clock)

    @property
    def accept_invitation(self) -> AcceptInvitation:
        """Whoever was invited comes."""
        return AcceptInvitation(self.proofs, self.members, self.books, self.clock)
