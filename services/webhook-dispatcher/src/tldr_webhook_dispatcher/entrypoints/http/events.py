"""Questions about all that webhooks tell."""

import json
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from tldr_webhook_dispatcher.application.messages.read_events import ReadEvents
from tldr_webhook_dispatcher.entrypoints.http.desk import Desk


def routes(desk: Desk) -> APIRouter:
    """The internal routes about events."""
    router = APIRouter(prefix="/internal/events", tags=["events"])
    Organization = Annotated[str, Depends(desk.access)]

    @router.get("")
    async def events(
        organization: Organization,
        after: Annotated[int | None, Query(ge=0, lt=2**63)] = None,
        after_message: str | None = None,
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> dict[str, Any]:
        async with desk.work(organization) as work:
            read = ReadEvents(work.events)
            place = after if after_message is None else await read.place_of(after_message)
            found = await read(place, limit)
        shown = [
            {
                "message_id": event.id,
                "type": event.type,
                "created_at": event.created_at,
                "payload": json.loads(event.body),
            }
            for event in found.events
        ]
        return {"events": shown, "after": found.after, "more": found.more}

    return router
