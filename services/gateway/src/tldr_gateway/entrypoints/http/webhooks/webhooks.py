"""Webhook endpoints: where the organization is told of its highlights."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AfterValidator, BaseModel, Field

from tldr_contracts.webhooks import WEBHOOK_TYPES
from tldr_gateway.application.accounts.caller import Caller
from tldr_gateway.domain.accounts.scopes import Scope
from tldr_gateway.entrypoints.http.api import Api
from tldr_gateway.entrypoints.http.words import IdPath, RequestBody, Text, WebUrl
from tldr_secrets import redacted, struck

WebhookType = Annotated[Text, Field(json_schema_extra={"enum": list(WEBHOOK_TYPES)})]
"""Said here, refused by the service that sends them."""


class EndpointRequest(RequestBody):
    """An address that takes webhooks. Without `types` it gets all of them. Whoever was told of a highlight hears that it was
    withdrawn.
    """

    url: WebUrl
    description: Annotated[Text, Field(max_length=300)] = ""
    types: Annotated[list[WebhookType], Field(max_length=50)] = Field(default_factory=list)


class EndpointResponse(BaseModel):
    """A webhook endpoint without its secret; its address is shown without user, password and query."""

    id: str
    url: Annotated[str, AfterValidator(redacted)]
    description: str
    types: list[str]
    enabled: bool
    created_at: datetime


class NewEndpointResponse(EndpointResponse):
    """A new webhook endpoint. `secret` verifies its signatures; it is shown this once, and so is the whole
    address.
    """

    url: str
    secret: str


class EndpointsResponse(BaseModel):
    """The organization's webhook endpoints."""

    endpoints: list[EndpointResponse]


class AttemptResponse(BaseModel):
    """One attempt to deliver a message."""

    at: datetime
    status: int | None
    error: Annotated[str, AfterValidator(struck)] | None
    duration_ms: int


class DeliveryResponse(BaseModel):
    """A message to an endpoint and what became of it."""

    message_id: str
    type: str
    state: str
    created_at: datetime
    next_attempt_at: datetime | None
    attempts: list[AttemptResponse]


class DeliveriesResponse(BaseModel):
    """The latest messages to an endpoint, newest first."""

    deliveries: list[DeliveryResponse]


class TestResponse(BaseModel):
    """The message that was sent as a test."""

    message_id: str


def routes(api: Api) -> APIRouter:
    """The routes about webhook endpoints."""
    router = APIRouter(prefix="/v1/webhook-endpoints", tags=["webhooks"])
    read = api.caller(Scope.WEBHOOKS_READ)
    write = api.caller(Scope.WEBHOOKS_WRITE)
    remove = api.caller(Scope.WEBHOOKS_DELETE)
    service, path = "webhook-dispatcher", "/internal/endpoints"

    @router.post("", status_code=201)
    async def create(caller: Annotated[Caller, write], request: EndpointRequest) -> NewEndpointResponse:
        """Add an endpoint. The answer holds the secret that verifies its signatures, which is shown this once."""
        answer = await api.ask(service, caller, "POST", path, json=request.model_dump(mode="json"))
        return NewEndpointResponse.model_validate({**answer, "url": str(request.url)})

    @router.get("")
    async def endpoints(caller: Annotated[Caller, read]) -> EndpointsResponse:
        """The organization's endpoints."""
        return EndpointsResponse.model_validate(await api.ask(service, caller, "GET", path))

    @router.delete("/{endpoint_id}", status_code=204)
    async def delete(caller: Annotated[Caller, remove], endpoint_id: IdPath) -> None:
        """Delete an endpoint; what was not delivered to it yet is dropped."""
        await api.ask(service, caller, "DELETE", f"{path}/{endpoint_id}")

    @router.post("/{endpoint_id}/test", status_code=202)
    async def test(caller: Annotated[Caller, write], endpoint_id: IdPath) -> TestResponse:
        """Send a `webhook.test` message to the endpoint."""
        return TestResponse.model_validate(await api.ask(service, caller, "POST", f"{path}/{endpoint_id}/test"))

    @router.get("/{endpoint_id}/deliveries")
    async def deliveries(
        caller: Annotated[Caller, read], endpoint_id: IdPath, limit: Annotated[int, Query(ge=1, le=100)] = 20
    ) -> DeliveriesResponse:
        """The latest messages to the endpoint, with every attempt."""
        answer = await api.ask(service, caller, "GET", f"{path}/{endpoint_id}/deliveries", params={"limit": limit})
        return DeliveriesResponse.model_validate(answer)

    return router
