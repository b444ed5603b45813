"""Signing secrets and addresses, sealed with the keys that only this service has."""

import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from tldr_secrets import Sealer, redacted
from tldr_webhook_dispatcher.domain.endpoints.endpoint import Address, Headers


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

    def headers(self, values: Mapping[str, str]) -> Headers:
        """The headers, sealed as one, and their names."""
        if not values:
            return Headers()
        return Headers(self.sealer.seal(json.dumps(dict(values))), tuple(sorted(values)))

    def open_headers(self, headers: Headers) -> dict[str, str]:
        """The headers with their values; ValueError where none of the keys fits."""
        return dict(json.loads(self.sealer.open(headers.sealed))) if headers.sealed else {}

    def open(self, sealed: str) -> str:
        """Decrypted; ValueError where none of the keys fits."""
        return self.sealer.open(sealed)
