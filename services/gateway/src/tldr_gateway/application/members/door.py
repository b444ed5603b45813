"""What stands before it is known who somebody is: their address, their password, how often they tried."""

from dataclasses import dataclass

from tldr_gateway.application.members.errors import InvalidEmailToken, MailNotConfigured, RegistrationClosed
from tldr_gateway.application.members.limits import (
    LETTERS_FROM_ADDRESS,
    LETTERS_TO_ACCOUNT,
    TOKENS_FROM_ADDRESS,
    Tries,
)
from tldr_gateway.application.members.ports import Passwords, People
from tldr_gateway.domain.accounts.networks import Address
from tldr_gateway.domain.members.email_proof import EmailProof, digest_of
from tldr_gateway.domain.members.member import folded


@dataclass(frozen=True, slots=True)
class Door:
    """`by_email`: whoever proves an address may register. `letters`: there is a way out for them."""

    people: People
    passwords: Passwords
    tries: Tries
    by_email: bool
    letters: bool

    async def registering(self, email: str, password: str, address: Address | None) -> str:
        """The password's hash, for a registration; RegistrationClosed, MailNotConfigured, TooManyAttempts, TooBusy."""
        if not self.by_email:
            raise RegistrationClosed
        await self.writing(email, address)
        return await self.passwords.hash(password)

    async def writing(self, email: str, address: Address | None) -> None:
        """A letter may be sent; MailNotConfigured, TooManyAttempts."""
        if not self.letters:
            raise MailNotConfigured
        await self.tries.from_address(LETTERS_FROM_ADDRESS, address)
        await self.tries.of_account(LETTERS_TO_ACCOUNT, folded(email))

    async def proven(self, token: str, address: Address | None) -> tuple[EmailProof, bytes]:
        """What a token of a letter proves, and the token's digest; InvalidEmailToken, TooManyAttempts."""
        await self.tries.from_address(TOKENS_FROM_ADDRESS, address)
        digest = digest_of(token)
        found = await self.people.proven_by(digest)
        if found is None:
            raise InvalidEmailToken
        return found, digest
