"""Webhook endpoints: where the organization is told of its highlights."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Response
from pydantic import Field

from tldr_contracts.webhooks import WEBHOOK_TYPES
from tldr_gateway.application.accounts.caller import Caller
from tldr_gateway.domain.accounts.scopes import Scope
from tldr_gateway.entrypoints.http.api import Api
from tldr_gateway.entrypoints.http.idempotency import RESENT, Resendable, found
from tldr_gateway.entrypoints.http.webhooks.answers import (
    EndpointResponse,
    EndpointsResponse,
    MessageSentResponse,
    NewEndpointResponse,
    RotatedEndpointResponse,
)
from tldr_gateway.entrypoints.http.words import Flag, IdPath, IfMatch, Integer, RequestBody, Text, WebUrl

_LONGEST_OVERLAP_S = 7 * 86_400
SERVICE, PATH = "webhook-dispatcher", "/internal/endpoints"
WebhookType = Annotated[Text, Field(json_schema_extra={"enum": list(WEBHOOK_TYPES)})]
"""Said here, refused by the service that sends them."""
Description = Annotated[Text, Field(max_length=300)]
Types = Annotated[list[WebhookType], Field(max_length=50)]
Headers = Annotated[
    dict[Annotated[str, Field(max_length=64)], Annotated[str, Field(max_length=1000)]],
    Field(
        max_length=10,
        description="Sent along with each message: Authorization, and X-… without those that proxies set. Sealed, never shown.",
    ),
]


class EndpointRequest(RequestBody):
    """An address that takes webhooks. Without `types` it gets all of them. Whoever was told of a highlight hears that it was
    withdrawn.
    """

    url: WebUrl
    description: Description = ""
    types: Types = Field(default_factory=list)
    headers: Headers = Field(default_factory=dict)


class EndpointChangeRequest(RequestBody):
    """What is to change; the rest stays. `headers` replace all there were. While an endpoint is `paused`, messages are
    kept for it. `enabled` switches on again what was switched off.
    """

    url: WebUrl | None = None
    description: Description | None = None
    types: Types | None = None
    headers: Headers | None = None
    paused: Flag | None = None
    enabled: Literal[True] | None = None


class SecretRotationRequest(RequestBody):
    """For how long messages are signed with the secret before too; with 0 no longer."""

    overlap_s: Annotated[Integer, Field(ge=0, le=_LONGEST_OVERLAP_S)] = 86_400


def routes(api: Api) -> APIRouter:
    """The routes about webhook endpoints."""
    router = APIRouter(prefix="/v1/webhook-endpoints", tags=["webhooks"])
    _listing(router, api)
    _changing(router, api)
    return router


def _listing(router: APIRouter, api: Api) -> None:
    read = api.caller(Scope.WEBHOOKS_READ)
    write = api.caller(Scope.WEBHOOKS_WRITE)
    remove = api.caller(Scope.WEBHOOKS_DELETE)

    @router.post("", status_code=201, responses=RESENT)
    async def create_webhook_endpoint(
        caller: Annotated[Caller, write], request: EndpointRequest, attempt: Resendable
    ) -> NewEndpointResponse:
        """Add an endpoint. The answer holds the secret that verifies its signatures, which is shown this once."""
        async with api.bound(caller.organization) as work:
            proposed = await api.once.proposed(work, attempt, "whe")

        async def make() -> NewEndpointResponse:
            wanted = {**request.model_dump(mode="json"), "id": proposed}
            answer = await api.ask(SERVICE, caller, "POST", PATH, json=wanted)
            return NewEndpointResponse.model_validate({**answer, "url": str(request.url)})

        async def still(made: NewEndpointResponse) -> NewEndpointResponse | None:
            return made if await _holding(api, caller, made.id, made.secret) else None

        async with api.bound(caller.organization) as work:
            return await api.once(work, attempt, NewEndpointResponse, make, still=still)

    @router.get("")
    async def list_webhook_endpoints(caller: Annotated[Caller, read]) -> EndpointsResponse:
        """The organization's endpoints."""
        return EndpointsResponse.model_validate(await api.ask(SERVICE, caller, "GET", PATH))

    @router.get("/{endpoint_id}")
    async def get_webhook_endpoint(
        caller: Annotated[Caller, read], endpoint_id: IdPath, response: Response
    ) -> EndpointResponse:
        """An endpoint. Send its `ETag` as `If-Match` with a change, and nobody else's change is undone by it."""
        return _tagged(response, await api.ask(SERVICE, caller, "GET", f"{PATH}/{endpoint_id}"))

    @router.delete("/{endpoint_id}", status_code=204)
    async def delete_webhook_endpoint(caller: Annotated[Caller, remove], endpoint_id: IdPath) -> None:
        """Delete an endpoint; what was not delivered to it yet is dropped."""
        await api.ask(SERVICE, caller, "DELETE", f"{PATH}/{endpoint_id}")


def _changing(router: APIRouter, api: Api) -> None:
    write = api.caller(Scope.WEBHOOKS_WRITE)

    @router.patch("/{endpoint_id}")
    async def update_webhook_endpoint(
        caller: Annotated[Caller, write],
        endpoint_id: IdPath,
        request: EndpointChangeRequest,
        response: Response,
        if_match: IfMatch = None,
    ) -> EndpointResponse:
        """Change an endpoint, pause it, let it go on, or switch it on again. What waits for it follows."""
        wanted = request.model_dump(mode="json", exclude_none=True)
        seen = {"if_match": if_match} if if_match is not None else {}
        path = f"{PATH}/{endpoint_id}"
        return _tagged(response, await api.ask(SERVICE, caller, "PATCH", path, params=seen, json=wanted))

    @router.post("/{endpoint_id}/rotate", responses=RESENT)
    async def rotate_webhook_secret(
        caller: Annotated[Caller, write],
        endpoint_id: IdPath,
        attempt: Resendable,
        response: Response,
        request: SecretRotationRequest | None = None,
    ) -> RotatedEndpointResponse:
        """Make another secret, shown this once. Until the overlap is over messages carry two signatures, one by each secret."""
        wanted = (request or SecretRotationRequest()).model_dump()

        async def make() -> RotatedEndpointResponse:
            answer = await api.ask(SERVICE, caller, "POST", f"{PATH}/{endpoint_id}/rotate", json=wanted)
            _tagged(response, answer)
            return RotatedEndpointResponse.model_validate(answer)

        async def still(made: RotatedEndpointResponse) -> RotatedEndpointResponse | None:
            present = await _holding(api, caller, endpoint_id, made.secret)
            if present is not None:
                _tagged(response, present)
            return made if present else None

        async with api.bound(caller.organization) as work:
            return await api.once(work, attempt, RotatedEndpointResponse, make, still=still)

    @router.post("/{endpoint_id}/test", status_code=202, responses=RESENT)
    async def test_webhook_endpoint(
        caller: Annotated[Caller, write], endpoint_id: IdPath, attempt: Resendable
    ) -> MessageSentResponse:
        """Send a `webhook.test` message to the endpoint."""
        path = f"{PATH}/{endpoint_id}"

        async def make() -> MessageSentResponse:
            return MessageSentResponse.model_validate(await api.ask(SERVICE, caller, "POST", f"{path}/test"))

        async def still(made: MessageSentResponse) -> MessageSentResponse | None:
            return made if await found(api.ask(SERVICE, caller, "GET", f"{path}/messages/{made.message_id}")) else None

        async with api.bound(caller.organization) as work:
            return await api.once(work, attempt, MessageSentResponse, make, still=still)


async def _holding(api: Api, caller: Caller, endpoint: str, secret: str) -> Any:
    """The endpoint as it is now; None where it is gone, or no message is signed with that secret any more."""
    answer = await found(api.ask(SERVICE, caller, "POST", f"{PATH}/{endpoint}/signs", json={"secret": secret}))
    return answer["endpoint"] if answer and answer["signs"] else None


def _tagged(response: Response, answer: dict[str, Any]) -> EndpointResponse:
    response.headers["etag"] = answer["etag"]
    return EndpointResponse.model_validate(answer)
