"""What was sent to webhook endpoints, and what became of it."""

from typing import Annotated

from fastapi import APIRouter, Query

from tldr_gateway.application.accounts.caller import Caller
from tldr_gateway.domain.accounts.scopes import Scope
from tldr_gateway.entrypoints.http.api import Api
from tldr_gateway.entrypoints.http.webhooks.answers import DeliveriesResponse
from tldr_gateway.entrypoints.http.webhooks.endpoints import PATH, SERVICE
from tldr_gateway.entrypoints.http.words import IdPath


def routes(api: Api) -> APIRouter:
    """The routes about messages to an endpoint."""
    router = APIRouter(prefix="/v1/webhook-endpoints/{endpoint_id}", tags=["webhooks"])
    read = api.caller(Scope.WEBHOOKS_READ)

    @router.get("/deliveries", operation_id="list_webhook_deliveries")
    async def list_webhook_deliveries(
        caller: Annotated[Caller, read], endpoint_id: IdPath, limit: Annotated[int, Query(ge=1, le=100)] = 20
    ) -> DeliveriesResponse:
        """The latest messages to the endpoint, with every attempt."""
        answer = await api.ask(SERVICE, caller, "GET", f"{PATH}/{endpoint_id}/deliveries", params={"limit": limit})
        return DeliveriesResponse.model_validate(answer)

    return router
