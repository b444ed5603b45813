"""What the use cases about people need."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from tldr_gateway.domain.members.email_proof import EmailProof, ProofKind
from tldr_gateway.domain.members.member import Member


class Members(Protocol):
    """The members of one organization."""

    async def add(self, member: Member) -> None:
        """Add one; EmailTaken when somebody has that address already, wherever."""

    async def get(self, member: str) -> Member | None:
        """One of them."""

    async def all(self) -> Sequence[Member]:
        """All of them, in the order in which they came."""

    async def save(self, member: Member) -> None:
        """Write its role and its password."""

    async def remove(self, member: str) -> None:
        """Take it out, with its sessions."""


class People(Protocol):
    """Finds somebody before it is known whose member they are."""

    async def by_email(self, email: str) -> Member | None:
        """The member with this address."""

    async def proven_by(self, token_digest: bytes) -> EmailProof | None:
        """The proof of this token, also one that is over."""


class Proofs(Protocol):
    """The open proofs of one organization."""

    async def add(self, proof: EmailProof) -> None:
        """Keep one, which nothing proves yet."""

    async def get(self, proof: str) -> EmailProof | None:
        """One of them."""

    async def proven_with(self, proof: str, token_digest: bytes) -> None:
        """From now on this token proves it, and no other."""

    async def take(self, proof: str, token_digest: bytes) -> EmailProof | None:
        """One of them, gone with this transaction; None where it is gone, or has another token."""

    async def open(self, kind: ProofKind, now: datetime) -> Sequence[EmailProof]:
        """Those that are not over, newest first."""

    async def remove(self, proof: str) -> bool:
        """Take one out; whether there was one."""

    async def remove_resets(self, email: str) -> None:
        """Take out all that would set the password of this address."""

    async def remove_those_by(self, maker: str) -> None:
        """Take out those that somebody made."""


class Letters(Protocol):
    """Letters that are to be written once the transaction has committed."""

    async def prove(self, proof: EmailProof) -> None:
        """Send a token for this proof, or say why there is none to be had."""

    async def reset_password(self, email: str) -> None:
        """Send a token to whoever has this address, if anybody has. Nobody looks before the answer is given."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to one person. Neither subject nor recipient may have line breaks."""

    to: str
    subject: str
    text: str

    def __repr__(self) -> str:
        return "Letter()"


class Mail(Protocol):
    """The way out for letters."""

    async def send(self, letter: Letter) -> None:
        """Hand it over. MailUnavailable when it was not taken; it may be sent again then, and arrive twice."""


class MailUnavailable(Exception):
    """The letter was not taken now."""


class Passwords(Protocol):
    """Hashes of passwords, slow by intention."""

    async def hash(self, password: str) -> str:
        """What is kept."""

    async def matches(self, kept: str | None, password: str) -> bool:
        """Whether it is this one. Without one that is kept the answer is no, after as long a time."""


class Attempts(Protocol):
    """How often somebody tried, over all instances."""

    async def count(self, bucket: str, *, limit: int, window: timedelta) -> datetime | None:
        """Count one more; None while there may be more of them, else when the window ends."""

    async def forget(self, bucket: str) -> None:
        """Begin anew."""
