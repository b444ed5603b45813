"""An organization and the plan it is on."""

from dataclasses import dataclass
from datetime import datetime

from tldr_contracts.ids import OrganizationId
from tldr_gateway.domain.accounts.plans import Plan, plan_named


@dataclass(frozen=True, slots=True)
class Organization:
    """A tenant. `version` grows by one with every change."""

    id: OrganizationId
    name: str
    plan_name: str
    version: int
    created_at: datetime

    @property
    def plan(self) -> Plan:
        """Its limits."""
        return plan_named(self.plan_name)
