"""The plans that organizations are on, asked for once in a while."""

import time
from dataclasses import dataclass, field

from tldr_contracts.ids import OrganizationId
from tldr_database import Database
from tldr_gateway.adapters.accounts.organizations_postgres import PostgresOrganizations
from tldr_gateway.domain.accounts.plans import Plan

_KNOWN_FOR_S = 5.0
_MOST_KNOWN = 10_000


@dataclass(frozen=True, slots=True)
class PostgresLimits:
    """Known for a few seconds: a plan changes seldom, and is asked for with each request."""

    database: Database
    _known: dict[str, tuple[float, Plan]] = field(default_factory=dict)

    async def of(self, organization: OrganizationId) -> Plan:
        """The plan of an organization with what its contract says."""
        now = time.monotonic()
        until, plan = self._known.get(organization, (0.0, None))
        if plan is None or until <= now:
            async with self.database.tenant(organization) as transaction:
                plan = (await PostgresOrganizations(transaction).get(organization)).plan
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[organization] = now + _KNOWN_FOR_S, plan
        return plan
