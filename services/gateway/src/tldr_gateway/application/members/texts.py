"""What letters say."""

from dataclasses import dataclass

from tldr_gateway.application.members.ports import Letter
from tldr_gateway.domain.members.email_proof import EmailProof, ProofKind

_SUBJECTS = {
    ProofKind.REGISTRATION: "Confirm your registration",
    ProofKind.INVITATION: "You are invited",
    ProofKind.PASSWORD_RESET: "Choose a new password",
}
_WHY = {
    ProofKind.REGISTRATION: "Somebody, you we hope, wants to register an organization with this address.",
    ProofKind.INVITATION: "Somebody invites you to work with them on TL;DR Highlights.",
    ProofKind.PASSWORD_RESET: "Somebody, you we hope, wants a new password for the account with this address.",
}
_WHERE = {
    ProofKind.REGISTRATION: ("confirm-registration", "POST /v1/auth/register/confirm"),
    ProofKind.INVITATION: ("accept-invitation", "POST /v1/auth/invitations/accept"),
    ProofKind.PASSWORD_RESET: ("reset-password", "POST /v1/auth/password-reset/confirm"),
}


@dataclass(frozen=True, slots=True)
class Texts:
    """`console` is where people go on in a browser; without it they use the API. A token stands behind `#`: no server sees it."""

    console: str = ""

    def with_token(self, proof: EmailProof, token: str) -> Letter:
        """The letter that proves the address."""
        page, call = _WHERE[proof.kind]
        way = (
            f"{self.console.rstrip('/')}/{page}#token={token}" if self.console else f"{call} with the token\n\n{token}"
        )
        until = f"{proof.expires_at:%Y-%m-%d %H:%M} UTC"
        return _letter(proof, f"{_WHY[proof.kind]} To go on, use\n\n{way}\n\nIt works once, until {until}.")

    def has_account(self, proof: EmailProof) -> Letter:
        """For who cannot begin anew, because this address is an account's."""
        return _letter(
            proof,
            f"{_WHY[proof.kind]} There is an account with this address already: log in, or ask for a new password."
            " To be a member of another organization, use another address or leave the one you are in.",
        )


def _letter(proof: EmailProof, text: str) -> Letter:
    return Letter(proof.email, _SUBJECTS[proof.kind], f"{text}\n\nIf it was not you, there is nothing to do.\n")
