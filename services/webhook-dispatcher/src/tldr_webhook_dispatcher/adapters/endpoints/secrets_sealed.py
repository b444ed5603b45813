"""Signing secrets and addresses, sealed with the keys that only this service has."""

import base64
import secrets
from dataclasses import dataclass

from tldr_secrets import Sealer, redacted
from tldr_webhook_dispatcher.domain.endpoints.endpoint import Address


@dataclass(frozen=True, slots=True)
class SealedSecrets:
    """Secrets over a sealer."""

    sealer: Sealer

    def new(self) -> str:
        """A fresh secret of 32 bytes in the form that Standard Webhooks 1.0 gives it."""
        return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()

    def seal(self, secret: str) -> str:
        """Encrypted."""
        return self.sealer.seal(secret)

    def address(self, url: str) -> Address:
        """The address, sealed, and without its secrets."""
        return Address(self.sealer.seal(url), redacted(url))

    def open(self, sealed: str) -> str:
        """Decrypted; ValueError where none of the keys fits."""
        return self.sealer.open(sealed)
