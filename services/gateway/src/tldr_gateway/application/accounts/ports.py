"""What authentication needs besides the keys themselves."""

from datetime import datetime
from typing import Protocol

from tldr_contracts.ids import OrganizationId
from tldr_gateway.domain.accounts.api_key import ApiKey
from tldr_gateway.domain.accounts.plans import Plan
from tldr_gateway.domain.accounts.rates import Rate, Taken


class KeyUses(Protocol):
    """When keys were last used."""

    async def used(self, key: ApiKey, at: datetime) -> None:
        """The key was used then. Not written where that is known to within a minute, or where somebody writes the key now."""


class Rates(Protocol):
    """How often whom did what, over all instances of this service."""

    async def take(self, subject: str, rate: Rate) -> Taken:
        """Count one more of the subject, unless it is too much. Never raises: without its store it counts by itself."""


class Limits(Protocol):
    """The plans that organizations are on."""

    async def of(self, organization: OrganizationId) -> Plan:
        """The plan of an organization with what its contract says, as it was a few seconds ago at most."""
