"""The plans that organizations are on, asked for once in a while."""

from dataclasses import dataclass, field

from tldr_contracts.ids import OrganizationId
from tldr_database import Database
from tldr_gateway.adapters.accounts.organizations_postgres import PostgresOrganizations
from tldr_gateway.adapters.accounts.remembered import Remembered
from tldr_gateway.domain.accounts.plans import Plan

_KNOWN_FOR_S = 0.5
_MOST_KNOWN = 10_000


def _remembered() -> Remembered[Plan]:
    return Remembered(_KNOWN_FOR_S, _MOST_KNOWN)


@dataclass(frozen=True, slots=True)
class PostgresLimits:
    """Known for half a second: a plan changes seldom, and is asked for with each request."""

    database: Database
    _known: Remembered[Plan] = field(default_factory=_remembered)

    async def of(self, organization: OrganizationId) -> Plan:
        """The plan of an organization with what its contract says."""
        return await self._known.answer(organization, lambda: self._ask(organization))

    async def _ask(self, organization: OrganizationId) -> Plan:
        async with self.database.tenant(organization) as transaction:
            return (await PostgresOrganizations(transaction).get(organization)).plan
