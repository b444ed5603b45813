"""What was sent to webhook endpoints, and what became of it."""

from typing import Annotated

from fastapi import APIRouter, Query

from tldr_gateway.application.accounts.caller import Caller
from tldr_gateway.domain.accounts.scopes import Scope
from tldr_gateway.entrypoints.http.api import Api
from tldr_gateway.entrypoints.http.cursors import Cursor
from tldr_gateway.entrypoints.http.webhooks.answers import (
    DeliveriesResponse,
    DeliveryState,
    EndpointStatisticsResponse,
    MessageResponse,
    MessageSentResponse,
    RecoveryResponse,
)
from tldr_gateway.entrypoints.http.webhooks.endpoints import PATH, SERVICE, WebhookType
from tldr_gateway.entrypoints.http.words import IdPath, Instant, RequestBody


class RecoveryRequest(RequestBody):
    """Since when; no longer ago than messages are kept."""

    since: Instant


def routes(api: Api) -> APIRouter:
    """The routes about messages to an endpoint."""
    router = APIRouter(prefix="/v1/webhook-endpoints/{endpoint_id}", tags=["webhooks"])
    read, write = api.caller(Scope.WEBHOOKS_READ), api.caller(Scope.WEBHOOKS_WRITE)

    @router.get("/deliveries")
    async def list_webhook_deliveries(
        caller: Annotated[Caller, read],
        endpoint_id: IdPath,
        state: Annotated[DeliveryState | None, Query()] = None,
        type: Annotated[WebhookType | None, Query()] = None,
        since: Annotated[Instant | None, Query(description="Made then or later.")] = None,
        until: Annotated[Instant | None, Query(description="Made before.")] = None,
        cursor: Annotated[Cursor, Query()] = None,
        limit: Annotated[int, Query(ge=1, le=100)] = 20,
    ) -> DeliveriesResponse:
        """The messages to the endpoint with every attempt, newest first."""
        dates = {"since": since and since.isoformat(), "until": until and until.isoformat()}
        asked = {name: value for name, value in {"state": state, "type": type, **dates}.items() if value is not None}
        of = ("deliveries", caller.organization, endpoint_id, sorted(asked.items()))
        params = {**asked, "limit": limit, **({"before": api.cursors.open(of, cursor)[0]} if cursor else {})}
        answer = await api.ask(SERVICE, caller, "GET", f"{PATH}/{endpoint_id}/deliveries", params=params)
        shown = answer["deliveries"]
        following = api.cursors.seal(of, shown[-1]["message_id"]) if answer["more"] and shown else None
        return DeliveriesResponse(deliveries=shown, next_cursor=following)

    @router.get("/statistics")
    async def get_endpoint_statistics(
        caller: Annotated[Caller, read],
        endpoint_id: IdPath,
        days: Annotated[int, Query(ge=1, le=30, description="Whole days in UTC, today included.")] = 7,
    ) -> EndpointStatisticsResponse:
        """How deliveries to the endpoint went of late: messages by day and state, attempts, failures, durations."""
        asked = {"days": days}
        answer = await api.ask(SERVICE, caller, "GET", f"{PATH}/{endpoint_id}/statistics", params=asked)
        return EndpointStatisticsResponse.model_validate(answer)

    @router.get("/messages/{message_id}")
    async def get_webhook_message(
        caller: Annotated[Caller, read], endpoint_id: IdPath, message_id: IdPath
    ) -> MessageResponse:
        """A message to the endpoint, by its `webhook-id`: what it says, and every attempt."""
        answer = await api.ask(SERVICE, caller, "GET", f"{PATH}/{endpoint_id}/messages/{message_id}")
        return MessageResponse.model_validate(answer)

    @router.post("/messages/{message_id}/redeliver", status_code=202)
    async def redeliver_message(
        caller: Annotated[Caller, write], endpoint_id: IdPath, message_id: IdPath
    ) -> MessageSentResponse:
        """Send a message again that was delivered, or abandoned: at once, under the same `webhook-id`, with as many attempts
        as a new one has.
        """
        path = f"{PATH}/{endpoint_id}/messages/{message_id}/redeliver"
        return MessageSentResponse.model_validate(await api.ask(SERVICE, caller, "POST", path))

    @router.post("/recover", status_code=202)
    async def recover_messages(
        caller: Annotated[Caller, write], endpoint_id: IdPath, request: RecoveryRequest
    ) -> RecoveryResponse:
        """Send all messages again that were abandoned, of that time and later, in their order. What was made while the
        endpoint was switched off is at `GET /v1/events`.
        """
        said = request.model_dump(mode="json")
        return RecoveryResponse.model_validate(
            await api.ask(SERVICE, caller, "POST", f"{PATH}/{endpoint_id}/recover", json=said)
        )

    return router
