"""Questions about what was sent to an endpoint."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from tldr_webhook_dispatcher.domain.messages.message import Attempt, Message
from tldr_webhook_dispatcher.entrypoints.http.desk import Desk


def routes(desk: Desk) -> APIRouter:
    """The internal routes about messages and their attempts."""
    router = APIRouter(prefix="/internal/endpoints/{endpoint}", tags=["deliveries"])
    Organization = Annotated[str, Depends(desk.access)]

    @router.get("/deliveries")
    async def deliveries(
        organization: Organization, endpoint: str, limit: Annotated[int, Query(ge=1, le=100)] = 20
    ) -> dict[str, Any]:
        async with desk.work(organization) as work:
            await desk.known(work, endpoint)
            found = await work.messages.latest(endpoint, limit)
        return {"deliveries": [render(message, tries) for message, tries in found]}

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
