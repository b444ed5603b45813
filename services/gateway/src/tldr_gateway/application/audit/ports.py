"""What the use cases of the audit log need."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tldr_gateway.domain.audit.event import AuditEvent, Link


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries are asked for; None: any. `since` is part of the time asked for, `until` is not."""

    action: str | None = None
    actor: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ends:
    """Where a chain begins and ends: behind what was forgotten, and at its newest entry."""

    kept_after: Link
    head: Link


class AuditLog(Protocol):
    """The audit log of one organization, to be read."""

    async def page(self, wanted: AuditFilter, *, before: int | None, limit: int) -> Sequence[AuditEvent]:
        """Newest first, those before a position."""

    async def ends(self) -> Ends:
        """What the chain is anchored to, kept where only the database itself writes."""

    async def link(self, position: int) -> Link | None:
        """The entry of this position as a place in the chain."""

    async def following(self, position: int, *, limit: int) -> Sequence[AuditEvent]:
        """Oldest first, those behind a position."""
