"""Questions about endpoints and deliveries, from the gateway."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from tldr_database import Database
from tldr_service import Clock
from tldr_web import InternalAccess, Problem
from tldr_webhook_dispatcher.adapters.work_postgres import WorkFactory
from tldr_webhook_dispatcher.application.endpoints.add_endpoint import AddEndpoint
from tldr_webhook_dispatcher.application.ports import Secrets
from tldr_webhook_dispatcher.domain.endpoints.endpoint import Endpoint
from tldr_webhook_dispatcher.domain.messages import content
from tldr_webhook_dispatcher.domain.messages.message import Attempt, Message

_NO_STREAM_LANE = 0


class EndpointRequest(BaseModel):
    """An endpoint to be added."""

    url: Annotated[str, Field(max_length=2000)]
    description: Annotated[str, Field(max_length=300)] = ""
    types: Annotated[list[str], Field(max_length=50)] = []


def router(
    database: Database, access: InternalAccess, work: WorkFactory, secrets: Secrets, *, clock: Clock, most: int
) -> APIRouter:
    """The internal routes of this service."""
    routes = APIRouter(prefix="/internal/endpoints", tags=["endpoints"])

    @routes.post("", status_code=201)
    async def add(organization: Annotated[str, Depends(access)], request: EndpointRequest) -> dict[str, Any]:
        async with database.tenant(organization) as transaction:
            add_endpoint = AddEndpoint(work(transaction, organization).endpoints, secrets, clock, most)
            endpoint, secret = await add_endpoint(
                organization, url=request.url, description=request.description, types=tuple(request.types)
            )
        return {**render(endpoint), "secret": secret}

    @routes.get("")
    async def all_of_them(organization: Annotated[str, Depends(access)]) -> dict[str, Any]:
        async with database.tenant(organization) as transaction:
            found = await work(transaction, organization).endpoints.all()
        return {"endpoints": [render(endpoint) for endpoint in found]}

    @routes.delete("/{endpoint}", status_code=204)
    async def delete(organization: Annotated[str, Depends(access)], endpoint: str) -> None:
        async with database.tenant(organization) as transaction:
            bound = work(transaction, organization)
            # First the jobs, then the endpoint: in the order in which an attempt that ends locks them.
            await bound.outgoing.cancel(endpoint)
            if not await bound.endpoints.delete(endpoint):
                raise not_found()

    @routes.post("/{endpoint}/test", status_code=202)
    async def test(organization: Annotated[str, Depends(access)], endpoint: str) -> dict[str, str]:
        async with database.tenant(organization) as transaction:
            bound = work(transaction, organization)
            found = await bound.endpoints.get(endpoint)
            if found is None:
                raise not_found()
            message = await bound.send.to(found, content.test(), stream="", lane=_NO_STREAM_LANE)
        return {"message_id": message.id}

    @routes.get("/{endpoint}/deliveries")
    async def deliveries(
        organization: Annotated[str, Depends(access)], endpoint: str, limit: Annotated[int, Query(ge=1, le=100)] = 20
    ) -> dict[str, Any]:
        async with database.tenant(organization) as transaction:
            bound = work(transaction, organization)
            if await bound.endpoints.get(endpoint) is None:
                raise not_found()
            found = await bound.messages.latest(endpoint, limit)
        return {"deliveries": [render_delivery(message, tries) for message, tries in found]}

    return routes


def not_found() -> Problem:
    """No such endpoint."""
    detail = "There is no endpoint of this id. List them with GET /v1/webhook-endpoints."
    return Problem(404, "endpoint_not_found", detail)


def render(endpoint: Endpoint) -> dict[str, Any]:
    """An endpoint as JSON, without its secret and without those of its address."""
    return {
        "id": endpoint.id,
        "url": endpoint.address.shown,
        "description": endpoint.description,
        "types": list(endpoint.types),
        "enabled": endpoint.enabled,
        "created_at": endpoint.created_at,
    }


def render_delivery(message: Message, tries: Sequence[Attempt]) -> dict[str, Any]:
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
