"""The audit log, as a customer reads and verifies it."""

import json
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel

from tldr_gateway.application.accounts.caller import Caller
from tldr_gateway.application.audit.ports import AuditFilter
from tldr_gateway.domain.accounts.scopes import Scope
from tldr_gateway.domain.audit.event import AuditEvent
from tldr_gateway.entrypoints.http.api import Api
from tldr_gateway.entrypoints.http.words import LARGEST, Id, Instant

_ACTION = r"^[a-z_]{1,64}\.[a-z_]{1,64}$"
_POSITION = r"^[0-9]{1,19}$"


class AuditEventResponse(BaseModel):
    """What somebody did: a key, a member, `operator` or `system`. `hash` continues `previous_hash` (docs/guides/accounts.md)."""

    position: int
    at: datetime
    actor: str
    address: str | None
    action: str
    subject: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    previous_hash: str
    hash: str


class AuditEventsResponse(BaseModel):
    """A page of the log. Pass `next_cursor` as `cursor` for the next page."""

    audit_events: list[AuditEventResponse]
    next_cursor: str | None


class VerificationResponse(BaseModel):
    """Whether `checked` entries behind the position `after` are what was written; `broken_at` is the first that is not.

    Pass `next_after` as `after` to go on. Keep `head_hash`: no later log without that entry is the same log.
    """

    intact: bool
    after: int
    checked: int
    broken_at: int | None
    next_after: int | None
    head_position: int
    head_hash: str


def routes(api: Api) -> APIRouter:
    """The routes about the audit log."""
    router = APIRouter(prefix="/v1/audit-events", tags=["audit"])
    read = api.caller(Scope.AUDIT_READ)

    @router.get("")
    async def list_audit_events(
        caller: Annotated[Caller, read],
        action: Annotated[str | None, Query(pattern=_ACTION, description="As `api_key.created`.")] = None,
        actor: Annotated[Id | None, Query(description="The id of a key or a member, `operator` or `system`.")] = None,
        since: Annotated[Instant | None, Query(description="No entries from before.")] = None,
        until: Annotated[Instant | None, Query(description="Entries from before alone.")] = None,
        cursor: Annotated[str | None, Query(pattern=_POSITION)] = None,
        limit: Annotated[int, Query(ge=1, le=100)] = 100,
    ) -> AuditEventsResponse:
        """Who did what, from where, newest first."""
        before = None if cursor is None else min(int(cursor), LARGEST)
        async with api.bound(caller.organization) as work:
            wanted = AuditFilter(action, actor, since, until)
            found = await work.audit_log.page(wanted, before=before, limit=limit + 1)
        shown = [_render(event) for event in found[:limit]]
        return AuditEventsResponse(
            audit_events=shown, next_cursor=str(shown[-1].position) if len(found) > limit else None
        )

    @router.get("/verification")
    async def verify_audit_events(
        caller: Annotated[Caller, read],
        after: Annotated[int, Query(ge=0, le=LARGEST, description="Begin behind this position.")] = 0,
    ) -> VerificationResponse:
        """Recompute the chain of hashes, 10,000 entries at a time."""
        async with api.bound(caller.organization) as work:
            found = await work.verify_audit_log(after)
        return VerificationResponse(
            intact=found.intact,
            after=found.after,
            checked=found.checked,
            broken_at=found.broken_at,
            next_after=found.next_after,
            head_position=found.head.position,
            head_hash=found.head.hash.hex(),
        )

    return router


def _render(event: AuditEvent) -> AuditEventResponse:
    return AuditEventResponse(
        position=event.position,
        at=event.at,
        actor=event.actor,
        address=event.address,
        action=event.action,
        subject=event.subject,
        before=None if event.before is None else json.loads(event.before),
        after=None if event.after is None else json.loads(event.after),
        previous_hash=event.previous_hash.hex(),
        hash=event.hash.hex(),
    )
