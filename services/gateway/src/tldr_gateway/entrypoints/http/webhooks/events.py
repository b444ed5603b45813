"""All that webhooks tell of an organization, to be read by whoever has missed some."""

import re
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field

from tldr_gateway.application.accounts.caller import Caller
from tldr_gateway.domain.accounts.scopes import Scope
from tldr_gateway.entrypoints.http.api import Api
from tldr_gateway.entrypoints.http.webhooks.answers import EventsResponse
from tldr_gateway.entrypoints.http.webhooks.endpoints import SERVICE
from tldr_web import may

_MESSAGE = re.compile(r"msg_[0-9a-f]{32}")
After = Annotated[
    str | None,
    Field(max_length=600),
    Query(description="The `next_cursor` of an earlier answer as it is, or the `webhook-id` of a webhook that came."),
]


def routes(api: Api) -> APIRouter:
    """The route about events."""
    router = APIRouter(prefix="/v1/events", tags=["webhooks"])

    @router.get("", responses=may(404, 410))
    async def list_events(
        caller: Annotated[Caller, api.caller(Scope.WEBHOOKS_READ)],
        after: After = None,
        limit: Annotated[int, Query(ge=1, le=100)] = 100,
    ) -> EventsResponse:
        """All that webhooks tell, with the same ids and payloads and in their order, also where no endpoint took it. Without
        `after`: from the oldest event that is kept. None that comes later has a place before one that was read.
        """
        of = ("events", caller.organization)
        params: dict[str, Any] = {"limit": limit}
        if after is not None and _MESSAGE.fullmatch(after):
            params["after_message"] = after
        elif after is not None:
            params["after"] = api.cursors.open(of, after)[0]
        answer = await api.ask(SERVICE, caller, "GET", "/internal/events", params=params)
        cursor = api.cursors.seal(of, str(answer["after"]))
        return EventsResponse(events=answer["events"], next_cursor=cursor, has_more=answer["more"])

    return router
