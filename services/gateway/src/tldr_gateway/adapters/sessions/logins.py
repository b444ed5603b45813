"""The use cases about sessions in one transaction."""

from dataclasses import dataclass

from tldr_database import Transaction
from tldr_gateway.adapters.members.members_postgres import PostgresMembers
from tldr_gateway.adapters.members.proofs_postgres import PostgresProofs
from tldr_gateway.adapters.sessions.sessions_postgres import PostgresSessions
from tldr_gateway.application.ports import Books
from tldr_gateway.application.sessions.log_in import StartSession
from tldr_gateway.application.sessions.refresh_session import LogOut, RefreshSession
from tldr_gateway.application.sessions.reset_password import ResetPassword
from tldr_service import Clock


@dataclass(frozen=True, slots=True)
class Logins:
    """Everything a use case about sessions may touch."""

    transaction: Transaction
    organization: str
    books: Books
    clock: Clock

    @property
    def sessions(self) -> PostgresSessions:
        """The organization's sessions."""
        return PostgresSessions(self.transaction, self.organization)

    @property
    def start_session(self) -> StartSession:
        """Begin one."""
        return StartSession(self._members, self.sessions, self.books, self.clock)

    @property
    def refresh_session(self) -> RefreshSession:
        """Go on with one."""
        return RefreshSession(self._members, self.sessions, self.books, self.clock)

    @property
    def log_out(self) -> LogOut:
        """End one."""
        return LogOut(self.sessions, self.books, self.clock)

    @property
    def reset_password(self) -> ResetPassword:
        """Choose a new password."""
        return ResetPassword(PostgresProofs(self.transaction), self._members, self.sessions, self.books, self.clock)

    @property
    def _members(self) -> PostgresMembers:
        return PostgresMembers(self.transaction)
