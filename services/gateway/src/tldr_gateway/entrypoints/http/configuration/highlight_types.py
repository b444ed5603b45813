"""Types of highlights that an organization has beside those of its dimension sets."""

from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import BaseModel

from tldr_gateway.application.accounts.caller import Caller
from tldr_gateway.domain.accounts.scopes import Scope
from tldr_gateway.domain.configuration.configured import Configured, Kind
from tldr_gateway.entrypoints.http.api import Api
from tldr_gateway.entrypoints.http.configuration.shelf import (
    ConfiguredResponse,
    Cursor,
    Limit,
    Shelf,
    VersionCursor,
    VersionPath,
    shown,
)
from tldr_gateway.entrypoints.http.configuration.types_json import (
    Cooldown,
    CriteriaRequest,
    CriteriaResponse,
    Description,
    Exclusive,
    Priority,
    Title,
    TypeOfSetRequest,
    Word,
)
from tldr_gateway.entrypoints.http.idempotency import RESENT, Resendable
from tldr_gateway.entrypoints.http.words import IdPath, IfMatch, RequestBody


class HighlightTypeRequest(TypeOfSetRequest):
    """A type for the streams of every set that has the dimensions it asks about, and no type of this name."""

    description: Description = ""


class HighlightTypeChangeRequest(RequestBody):
    """What is to change, each field as a whole; the rest stays."""

    name: Word | None = None
    description: Description | None = None
    title: Title | None = None
    criteria: CriteriaRequest | None = None
    cooldown_ms: Cooldown | None = None
    priority: Priority | None = None
    exclusive: Exclusive | None = None


class HighlightTypeResponse(ConfiguredResponse):
    """A type that highlights can have."""

    title: str
    criteria: CriteriaResponse
    cooldown_ms: int
    priority: int
    exclusive: bool


class HighlightTypesResponse(BaseModel):
    """A page of types, newest first. Pass `next_cursor` as `cursor` for the next page."""

    highlight_types: list[HighlightTypeResponse]
    next_cursor: str | None


class HighlightTypeVersionsResponse(BaseModel):
    """A page of the versions of a type, newest first."""

    versions: list[HighlightTypeResponse]
    next_cursor: int | None


def routes(api: Api) -> APIRouter:
    """The routes about types of highlights."""
    router = APIRouter(
        prefix="/v1/highlight-types", tags=["highlight-types"], generate_unique_id_function=lambda route: route.name
    )
    shelf = Shelf(api, Kind.HIGHLIGHT_TYPE, HighlightTypeResponse, _render)
    _making(router, shelf)
    _looking(router, shelf)
    return router


def _making(router: APIRouter, shelf: Shelf[HighlightTypeResponse]) -> None:
    write = shelf.api.caller(Scope.CONFIGURATION_WRITE)

    @router.post("", status_code=201, responses=RESENT)
    async def create_highlight_type(
        caller: Annotated[Caller, write],
        request: HighlightTypeRequest,
        attempt: Resendable,
        response: Response,
    ) -> HighlightTypeResponse:
        """Make a type. The next streams can have highlights of it."""
        document = request.model_dump(mode="json", exclude={"name"})
        return await shelf.create(caller, attempt, response, request.name, document)

    @router.patch("/{highlight_type_id}")
    async def update_highlight_type(
        caller: Annotated[Caller, write],
        highlight_type_id: IdPath,
        request: HighlightTypeChangeRequest,
        response: Response,
        if_match: IfMatch = None,
    ) -> HighlightTypeResponse:
        """Make the next version of a type. Streams that were submitted before keep the version they were submitted with."""
        changes: dict[str, Any] = request.model_dump(mode="json", exclude={"name"}, exclude_none=True)
        if request.criteria is not None:  # with the fields of theirs that are null
            changes["criteria"] = request.criteria.model_dump(mode="json")
        return await shelf.change(caller, highlight_type_id, response, if_match, changes, request.name)

    @router.delete("/{highlight_type_id}", status_code=204)
    async def delete_highlight_type(
        caller: Annotated[Caller, write], highlight_type_id: IdPath, if_match: IfMatch = None
    ) -> None:
        """Delete a type with all its versions. Streams that were submitted with it keep what they need of it."""
        await shelf.delete(caller, highlight_type_id, if_match)


def _looking(router: APIRouter, shelf: Shelf[HighlightTypeResponse]) -> None:
    read = shelf.api.caller(Scope.CONFIGURATION_READ)

    @router.get("")
    async def list_highlight_types(
        caller: Annotated[Caller, read], cursor: Cursor = None, limit: Limit = 20
    ) -> HighlightTypesResponse:
        """Your own types, newest first."""
        found, behind = await shelf.page(caller, cursor, limit)
        return HighlightTypesResponse(highlight_types=found, next_cursor=behind)

    @router.get("/{highlight_type_id}")
    async def get_highlight_type(
        caller: Annotated[Caller, read], highlight_type_id: IdPath, response: Response
    ) -> HighlightTypeResponse:
        """A type as it is now."""
        return await shelf.get(caller, highlight_type_id, response)

    @router.get("/{highlight_type_id}/versions")
    async def list_highlight_type_versions(
        caller: Annotated[Caller, read], highlight_type_id: IdPath, cursor: VersionCursor = None, limit: Limit = 20
    ) -> HighlightTypeVersionsResponse:
        """The versions of a type, newest first."""
        found, behind = await shelf.versions(caller, highlight_type_id, cursor, limit)
        return HighlightTypeVersionsResponse(versions=found, next_cursor=behind)

    @router.get("/{highlight_type_id}/versions/{version}")
    async def get_highlight_type_version(
        caller: Annotated[Caller, read], highlight_type_id: IdPath, version: VersionPath, response: Response
    ) -> HighlightTypeResponse:
        """A type as it was."""
        return await shelf.version(caller, highlight_type_id, version, response)


def _render(configured: Configured) -> HighlightTypeResponse:
    return HighlightTypeResponse(**shown(configured))
