"""An organization and the plan it is on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
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
    limits: Mapping[str, int] = field(default_factory=dict)
    """What its contract says otherwise than the plan."""

    @property
    def plan(self) -> Plan:
        """Its limits."""
        return plan_named(self.plan_name).agreed(self.limits)
