"""Questions about endpoints."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from tldr_contracts.ids import new_id
from tldr_webhook_dispatcher.application.endpoints.change_endpoint import EndpointChanges, tag_of
from tldr_webhook_dispatcher.application.endpoints.errors import endpoint_not_found
from tldr_webhook_dispatcher.domain.endpoints.endpoint import LONGEST_OVERLAP, Endpoint
from tldr_webhook_dispatcher.domain.messages import content
from tldr_webhook_dispatcher.entrypoints.http.desk import Desk

_NO_STREAM_LANE = 0


class EndpointRequest(BaseModel):
    """An endpoint to be added. `id`: the one it is to have; asked for twice, it is added once."""

    id: Annotated[str, Field(pattern=r"^whe_[0-9a-f]{32}$")] | None = None
    url: Annotated[str, Field(max_length=2000)]
    description: Annotated[str, Field(max_length=300)] = ""
    types: Annotated[list[str], Field(max_length=50)] = []
    headers: dict[str, str] = {}


class ChangeRequest(BaseModel):
    """What is to change."""

    url: Annotated[str, Field(max_length=2000)] | None = None
    description: Annotated[str, Field(max_length=300)] | None = None
    types: Annotated[list[str], Field(max_length=50)] | None = None
    headers: dict[str, str] | None = None
    paused: bool | None = None
    enabled: bool | None = None


class RotationRequest(BaseModel):
    """For how long the secret before signs too."""

    overlap_s: Annotated[int, Field(ge=0, le=int(LONGEST_OVERLAP.total_seconds()))]


class SecretQuestion(BaseModel):
    """A secret that was shown."""

    secret: Annotated[str, Field(max_length=200)]


def routes(desk: Desk) -> APIRouter:
    """The internal routes about endpoints."""
    router = APIRouter(prefix="/internal/endpoints", tags=["endpoints"])
    Organization = Annotated[str, Depends(desk.access)]

    @router.post("", status_code=201)
    async def add(organization: Organization, request: EndpointRequest) -> dict[str, Any]:
        async with desk.work(organization) as work:
            add_endpoint = desk.adding(work)
            endpoint, secret = await add_endpoint(
                organization,
                id=request.id or new_id("whe"),
                url=request.url,
                description=request.description,
                types=request.types,
                headers=request.headers,
            )
        return {**render(desk, endpoint), "secret": secret}

    @router.get("")
    async def all_of_them(organization: Organization) -> dict[str, Any]:
        async with desk.work(organization) as work:
            found = await work.endpoints.all()
        return {"endpoints": [render(desk, endpoint) for endpoint in found]}

    @router.get("/{endpoint}")
    async def one(organization: Organization, endpoint: str) -> dict[str, Any]:
        async with desk.work(organization) as work:
            return render(desk, await desk.known(work, endpoint))

    @router.patch("/{endpoint}")
    async def change(
        organization: Organization, endpoint: str, request: ChangeRequest, if_match: str | None = None
    ) -> dict[str, Any]:
        changes = EndpointChanges(
            url=request.url,
            description=request.description,
            types=request.types,
            headers=request.headers,
            paused=request.paused,
            switch_on=bool(request.enabled),
        )
        async with desk.work(organization) as work:
            return render(desk, await desk.changing(work)(endpoint, changes, if_match=if_match))

    @router.post("/{endpoint}/rotate")
    async def rotate(organization: Organization, endpoint: str, request: RotationRequest) -> dict[str, Any]:
        async with desk.work(organization) as work:
            rotated, secret = await desk.rotating(work)(endpoint, timedelta(seconds=request.overlap_s))
        return {**render(desk, rotated), "secret": secret}

    @router.post("/{endpoint}/signs")
    async def signs(organization: Organization, endpoint: str, question: SecretQuestion) -> dict[str, Any]:
        async with desk.work(organization) as work:
            known = await desk.known(work, endpoint)
        return {"endpoint": render(desk, known), "signs": desk.signs(known, question.secret)}

    @router.delete("/{endpoint}", status_code=204)
    async def delete(organization: Organization, endpoint: str) -> None:
        async with desk.work(organization) as work:
            # First the jobs, then the endpoint: in the order in which an attempt that ends locks them.
            await work.outgoing.cancel(endpoint)
            if not await work.endpoints.delete(endpoint):
                raise endpoint_not_found()

    @router.post("/{endpoint}/test", status_code=202)
    async def test(organization: Organization, endpoint: str) -> dict[str, str]:
        async with desk.work(organization) as work:
            found = await desk.known(work, endpoint)
            message = await work.send.to(found, content.test(), stream="", lane=_NO_STREAM_LANE)
        return {"message_id": message.id}

    return router


def render(desk: Desk, endpoint: Endpoint) -> dict[str, Any]:
    """An endpoint as JSON, without its secrets and without those of its address and headers."""
    before = endpoint.replaced_secret
    return {
        "id": endpoint.id,
        "url": endpoint.address.shown,
        "description": endpoint.description,
        "types": list(endpoint.types),
        "enabled": endpoint.enabled,
        "paused": endpoint.paused,
        "header_names": list(endpoint.headers.names),
        "failing_since": endpoint.failing_since,
        "replaced_secret_until": before.until if before and desk.clock.now() < before.until else None,
        "created_at": endpoint.created_at,
        "etag": tag_of(endpoint),
    }
