"""What authentication needs besides the keys themselves."""

from datetime import datetime
from typing import Protocol

from tldr_gateway.domain.accounts.api_key import ApiKey


class KeyUses(Protocol):
    """When keys were last used."""

    async def used(self, key: ApiKey, at: datetime) -> None:
        """The key was used then. Not written where that is known to within a minute, or where somebody writes the key now."""
