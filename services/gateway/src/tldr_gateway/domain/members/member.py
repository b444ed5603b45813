"""Members of an organization, and what their roles let them do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tldr_contracts.ids import OrganizationId
from tldr_gateway.domain.accounts.scopes import ALL_SCOPES, Scope

MAX_MEMBERS = 200
"""Members and open invitations of an organization."""


class Role(StrEnum):
    """An owner may do everything; an admin everything there is to do but make owners; a viewer looks."""

    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"
    VIEWER = "viewer"

    @property
    def scopes(self) -> frozenset[Scope]:
        """What a member of this role may do."""
        return _SCOPES[self]


_VIEWER = frozenset(
    {
        Scope.STREAMS_READ,
        Scope.HIGHLIGHTS_READ,
        Scope.WEBHOOKS_READ,
        Scope.ORGANIZATION_READ,
        Scope.MEMBERS_READ,
        Scope.CONFIGURATION_READ,
        Scope.USAGE_READ,
    }
)
_MEMBER = _VIEWER | {Scope.STREAMS_ALL, Scope.HIGHLIGHTS_ALL}
_ADMIN = _MEMBER | {
    Scope.WEBHOOKS_ALL,
    Scope.ORGANIZATION_ALL,
    Scope.MEMBERS_ALL,
    Scope.CONFIGURATION_ALL,
    Scope.API_KEYS_WRITE,
    Scope.AUDIT_READ,
}
_SCOPES = {Role.OWNER: ALL_SCOPES, Role.ADMIN: _ADMIN, Role.MEMBER: _MEMBER, Role.VIEWER: _VIEWER}


@dataclass(frozen=True, slots=True)
class Member:
    """A person. Without a `password` (a hash) nobody can log in; whoever proves the address can set one."""

    id: str
    organization: OrganizationId
    email: str
    role: Role
    created_at: datetime
    password: str | None = None

    def __repr__(self) -> str:
        return f"Member({self.id}, {self.role})"


def owned(members: Iterable[Member]) -> bool:
    """Whether somebody is left who may do everything."""
    return any(member.role is Role.OWNER for member in members)


def folded(email: str) -> str:
    """An address as it is kept and compared."""
    return email.strip().lower()
