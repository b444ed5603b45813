"""Proofs that somebody reads the mail of an address: a token that was sent there, kept as a digest, good once."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tldr_contracts.ids import OrganizationId
from tldr_gateway.domain.members.member import Role


class ProofKind(StrEnum):
    """What the address is proven for."""

    REGISTRATION = "registration"
    INVITATION = "invitation"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - a name

    @property
    def lifetime(self) -> timedelta:
        """How long the token is good for."""
        return _LIFETIMES[self]

    @property
    def prefix(self) -> str:
        """Of its ids."""
        return _PREFIXES[self]


_LIFETIMES = {
    ProofKind.REGISTRATION: timedelta(hours=24),
    ProofKind.INVITATION: timedelta(days=7),
    ProofKind.PASSWORD_RESET: timedelta(hours=1),
}
_PREFIXES = {ProofKind.REGISTRATION: "reg", ProofKind.INVITATION: "inv", ProofKind.PASSWORD_RESET: "rst"}


@dataclass(frozen=True, slots=True)
class EmailProof:
    """An open proof. A registration has the organization's name and a password's hash, an invitation a role and its maker."""

    id: str
    organization: OrganizationId
    kind: ProofKind
    email: str
    created_at: datetime
    expires_at: datetime
    organization_name: str | None = None
    password: str | None = None
    role: Role | None = None
    created_by: str | None = None

    def __repr__(self) -> str:
        return f"EmailProof({self.id})"


def new_token() -> str:
    """What is sent: 256 random bits."""
    return f"tldr_ep_{secrets.token_urlsafe(32)}"


def digest_of(token: str) -> bytes:
    """What is kept of it. A fast digest is enough for random bits (ADR 6)."""
    return hashlib.sha256(token.encode()).digest()
