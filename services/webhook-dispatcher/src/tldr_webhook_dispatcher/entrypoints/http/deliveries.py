"""Questions about what was sent to an endpoint."""

import json
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BaseModel

from tldr_webhook_dispatcher.application.messages.errors import message_not_found
from tldr_webhook_dispatcher.domain.messages.message import Attempt, Deliveries, DeliveryState, Message
from tldr_webhook_dispatcher.entrypoints.http.desk import Desk

Time = AwareDatetime | None


class RecoveryRequest(BaseModel):
    """Since when what was not delivered is sent again."""

    since: AwareDatetime


def routes(desk: Desk) -> APIRouter:
    """The internal routes about messages and their attempts."""
    router = APIRouter(prefix="/internal/endpoints/{endpoint}", tags=["deliveries"])
    Organization = Annotated[str, Depends(desk.access)]

    @router.get("/deliveries")
    async def deliveries(
        organization: Organization,
        endpoint: str,
        state: DeliveryState | None = None,
        type: str | None = None,
        since: Time = None,
        until: Time = None,
        before: str | None = None,
        limit: Annotated[int, Query(ge=1, le=100)] = 20,
    ) -> dict[str, Any]:
        wanted = Deliveries(state, type, since, until)
        async with desk.work(organization) as work:
            await desk.known(work, endpoint)
            found = await work.messages.page(endpoint, wanted, before=before, limit=limit + 1)
        shown = [render(message, tries) for message, tries in found[:limit]]
        return {"deliveries": shown, "more": len(found) > limit}

    @router.get("/messages/{message}")
    async def one(organization: Organization, endpoint: str, message: str) -> dict[str, Any]:
        async with desk.work(organization) as work:
            await desk.known(work, endpoint)
            found = await work.messages.get(endpoint, message)
            if found is None:
                raise message_not_found()
            tries = await work.messages.log(found)
        return {**render(found, tries), "payload": json.loads(found.body)}

    @router.post("/messages/{message}/redeliver", status_code=202)
    async def redeliver(organization: Organization, endpoint: str, message: str) -> dict[str, str]:
        async with desk.work(organization) as work:
            again = await desk.again(work)(endpoint, message)
        return {"message_id": again.id}

    @router.post("/recover", status_code=202)
    async def recover(organization: Organization, endpoint: str, request: RecoveryRequest) -> dict[str, int]:
        async with desk.work(organization) as work:
            return {"messages": await desk.recovering(work)(endpoint, request.since)}

    return router


def render(message: Message, tries: Sequence[Attempt]) -> dict[str, Any]:
    """A message and its attempts as JSON."""
    return {
        "message_id": message.id,
        "type": message.type,
        "state": message.state,
        "created_at": message.created_at,
        "next_attempt_at": message.next_attempt_at,
        "attempts": [
            {"at": tried.at, "status": tried.status, "error": tried.error, "duration_ms": tried.duration_ms}
            for tried in tries
        ],
    }
