"""Addresses sealed with the keys that the reading service has as well."""

from dataclasses import dataclass

from tldr_gateway.domain.streams.source import Address
from tldr_secrets import Sealer, redacted


@dataclass(frozen=True, slots=True)
class SealedAddresses:
    """Seals addresses; nothing here opens them again."""

    sealer: Sealer

    def kept(self, url: str) -> Address:
        """The address, sealed, and without its secrets."""
        return Address(self.sealer.seal(url), redacted(url))
