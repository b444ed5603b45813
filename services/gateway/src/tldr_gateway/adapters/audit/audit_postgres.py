"""The audit log in PostgreSQL, which makes the chain itself when entries are committed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from tldr_database import Transaction
from tldr_gateway.adapters.tables import audit_heads, audit_log
from tldr_gateway.application.audit.ports import AuditFilter, Ends
from tldr_gateway.domain.audit.event import AuditEvent, Link

_START = Link(0, b"")


@dataclass(frozen=True, slots=True)
class PostgresAuditLog:
    """The log of one organization."""

    transaction: Transaction
    organization: str

    async def page(self, wanted: AuditFilter, *, before: int | None, limit: int) -> Sequence[AuditEvent]:
        """Newest first, those before a position."""
        query = self._mine().order_by(audit_log.c.position.desc()).limit(limit)
        if before is not None:
            query = query.where(audit_log.c.position < before)
        if wanted.action is not None:
            query = query.where(audit_log.c.action == wanted.action)
        if wanted.actor is not None:
            query = query.where(audit_log.c.actor == wanted.actor)
        if wanted.since is not None:
            query = query.where(audit_log.c.at >= wanted.since)
        if wanted.until is not None:
            query = query.where(audit_log.c.at < wanted.until)
        return [_event(row) for row in await self.transaction.execute(query)]

    async def ends(self) -> Ends:
        """Where the chain begins and ends."""
        query = sa.select(audit_heads).where(audit_heads.c.organization_id == self.organization)
        row = (await self.transaction.execute(query)).one_or_none()
        if row is None:
            return Ends(_START, _START)
        return Ends(Link(row.kept_after, row.kept_after_hash), Link(row.position, row.hash))

    async def link(self, position: int) -> Link | None:
        """The entry of this position as a place in the chain."""
        row = (await self.transaction.execute(self._mine().where(audit_log.c.position == position))).one_or_none()
        return None if row is None else Link(row.position, row.hash)

    async def following(self, position: int, *, limit: int) -> Sequence[AuditEvent]:
        """Oldest first, those behind a position."""
        query = self._mine().where(audit_log.c.position > position).order_by(audit_log.c.position).limit(limit)
        return [_event(row) for row in await self.transaction.execute(query)]

    def _mine(self) -> sa.Select[Any]:
        return sa.select(audit_log).where(audit_log.c.organization_id == self.organization)


def _event(row: Any) -> AuditEvent:
    return AuditEvent(
        organization=row.organization_id,
        position=row.position,
        at=row.at,
        actor=row.actor,
        address=row.address,
        action=row.action,
        subject=row.subject,
        before=row.before,
        after=row.after,
        previous_hash=row.previous_hash,
        hash=row.hash,
    )
