"""Dimension sets: what makes a moment worth keeping."""

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from tldr_gateway.application.accounts.caller import Caller
from tldr_gateway.domain.accounts.scopes import Scope
from tldr_gateway.domain.configuration.configured import Configured, Kind
from tldr_gateway.domain.configuration.dimension_set import MAX_DIMENSIONS, MAX_SIGNALS, MAX_TYPES, DimensionKind
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
    Description,
    TypeOfSetRequest,
    TypeOfSetResponse,
    Word,
)
from tldr_gateway.entrypoints.http.idempotency import IdempotencyKey
from tldr_gateway.entrypoints.http.words import IdPath, IfMatch, Integer, Name, Number, RequestBody, Text


class SignalPartRequest(RequestBody):
    """A signal's part in a dimension; its weight is negative where less of it means more."""

    signal: Annotated[Text, Field(max_length=60)]
    weight: Annotated[Number, Field(ge=-100, le=100)]


class DimensionRequest(RequestBody):
    """One thing that makes a moment worth keeping. Its share of the score is its weight over the weights of all.

    `rule`: from `signals`. `model`: by a model that is asked `prompt`. `hybrid`: from both.
    """

    name: Word
    description: Description = ""
    kind: DimensionKind = DimensionKind.RULE
    weight: Annotated[Number, Field(ge=0, le=1_000_000)]
    signals: Annotated[list[SignalPartRequest], Field(max_length=MAX_SIGNALS)] = Field(default_factory=list)
    prompt: Annotated[Text, Field(max_length=2000)] = ""


Dimensions = Annotated[list[DimensionRequest], Field(min_length=1, max_length=MAX_DIMENSIONS)]
Types = Annotated[list[TypeOfSetRequest], Field(max_length=MAX_TYPES)]


class DimensionSetRequest(RequestBody):
    """A dimension set to be made."""

    name: Name
    description: Description = ""
    dimensions: Dimensions
    types: Types = Field(default_factory=list)


class DimensionSetChangeRequest(RequestBody):
    """What is to change, each field as a whole; the rest stays."""

    name: Name | None = None
    description: Description | None = None
    dimensions: Dimensions | None = None
    types: Types | None = None


class CloneRequest(RequestBody):
    """How the new set is to be called, and of which version it is to be made; without it, of the present one."""

    name: Name | None = None
    version: Annotated[Integer | None, Field(ge=1, le=2**31 - 1)] = None


class SignalPartResponse(BaseModel):
    """A signal's part in a dimension."""

    signal: str
    weight: float


class DimensionResponse(BaseModel):
    """One thing that makes a moment worth keeping; the weights of a set sum to 1."""

    name: str
    description: str
    kind: DimensionKind
    weight: float
    signals: list[SignalPartResponse]
    prompt: str


class DimensionSetResponse(ConfiguredResponse):
    """A dimension set. `based_on`: the preset it began as. `not_scored_yet`: dimensions that only a model can score: none is
    asked yet, so the others take their weight.
    """

    dimensions: list[DimensionResponse]
    types: list[TypeOfSetResponse]
    based_on: str | None
    not_scored_yet: list[str]


class DimensionSetsResponse(BaseModel):
    """A page of dimension sets: your own, newest first, then the presets. Pass `next_cursor` as `cursor` for the next page."""

    dimension_sets: list[DimensionSetResponse]
    next_cursor: str | None


class DimensionSetVersionsResponse(BaseModel):
    """A page of the versions of a set, newest first."""

    versions: list[DimensionSetResponse]
    next_cursor: int | None


def routes(api: Api) -> APIRouter:
    """The routes about dimension sets."""
    router = APIRouter(
        prefix="/v1/dimension-sets", tags=["dimension-sets"], generate_unique_id_function=lambda route: route.name
    )
    shelf = Shelf(api, Kind.DIMENSION_SET, DimensionSetResponse, _render)
    _making(router, shelf)
    _looking(router, shelf)
    return router


def _making(router: APIRouter, shelf: Shelf[DimensionSetResponse]) -> None:
    write = shelf.api.caller(Scope.CONFIGURATION_WRITE)

    @router.post("", status_code=201)
    async def create_dimension_set(
        caller: Annotated[Caller, write],
        request: DimensionSetRequest,
        raw: Request,
        response: Response,
        idempotency_key: IdempotencyKey = None,
    ) -> DimensionSetResponse:
        """Make a dimension set. Its weights are scaled to sum to 1."""
        document = {**request.model_dump(mode="json", exclude={"name"}), "based_on": None}
        return await shelf.create(caller, raw, response, idempotency_key, request.name, document)

    @router.post("/{dimension_set_id}/clone", status_code=201)
    async def clone_dimension_set(
        caller: Annotated[Caller, write],
        dimension_set_id: IdPath,
        raw: Request,
        response: Response,
        request: CloneRequest | None = None,
        idempotency_key: IdempotencyKey = None,
    ) -> DimensionSetResponse:
        """Make a set of your own like this one, which may be a preset."""
        wanted = request or CloneRequest()
        async with shelf.api.bound(caller.organization) as work:
            found = await work.configurations.one(shelf.kind, dimension_set_id)
            if wanted.version is not None:
                found = await work.configurations.version(shelf.kind, dimension_set_id, wanted.version)
        name = wanted.name or f"Copy of {found.name}"[:200]
        return await shelf.create(caller, raw, response, idempotency_key, name, found.document)

    @router.patch("/{dimension_set_id}")
    async def update_dimension_set(
        caller: Annotated[Caller, write],
        dimension_set_id: IdPath,
        request: DimensionSetChangeRequest,
        response: Response,
        if_match: IfMatch = None,
    ) -> DimensionSetResponse:
        """Make the next version of a set. Streams that were submitted before keep the version they were submitted with."""
        changes = request.model_dump(mode="json", exclude={"name"}, exclude_none=True)
        if request.types is not None:  # with the fields of theirs that are null
            changes["types"] = [kind.model_dump(mode="json") for kind in request.types]
        return await shelf.change(caller, dimension_set_id, response, if_match, changes, request.name)

    @router.delete("/{dimension_set_id}", status_code=204)
    async def delete_dimension_set(
        caller: Annotated[Caller, write], dimension_set_id: IdPath, if_match: IfMatch = None
    ) -> None:
        """Delete a set with all its versions. Streams that were submitted with it keep what they need of it."""
        await shelf.delete(caller, dimension_set_id, if_match)


def _looking(router: APIRouter, shelf: Shelf[DimensionSetResponse]) -> None:
    read = shelf.api.caller(Scope.CONFIGURATION_READ)

    @router.get("")
    async def list_dimension_sets(
        caller: Annotated[Caller, read], cursor: Cursor = None, limit: Limit = 20
    ) -> DimensionSetsResponse:
        """Your sets, newest first, and the presets."""
        found, behind = await shelf.page(caller, cursor, limit)
        return DimensionSetsResponse(dimension_sets=found, next_cursor=behind)

    @router.get("/{dimension_set_id}")
    async def get_dimension_set(
        caller: Annotated[Caller, read], dimension_set_id: IdPath, response: Response
    ) -> DimensionSetResponse:
        """A set as it is now; a preset goes by its name."""
        return await shelf.get(caller, dimension_set_id, response)

    @router.get("/{dimension_set_id}/versions")
    async def list_dimension_set_versions(
        caller: Annotated[Caller, read], dimension_set_id: IdPath, cursor: VersionCursor = None, limit: Limit = 20
    ) -> DimensionSetVersionsResponse:
        """The versions of a set, newest first."""
        found, behind = await shelf.versions(caller, dimension_set_id, cursor, limit)
        return DimensionSetVersionsResponse(versions=found, next_cursor=behind)

    @router.get("/{dimension_set_id}/versions/{version}")
    async def get_dimension_set_version(
        caller: Annotated[Caller, read], dimension_set_id: IdPath, version: VersionPath, response: Response
    ) -> DimensionSetResponse:
        """A set as it was."""
        return await shelf.version(caller, dimension_set_id, version, response)


def _render(configured: Configured) -> DimensionSetResponse:
    fields: dict[str, Any] = shown(configured)
    unscored = [dimension["name"] for dimension in fields["dimensions"] if dimension["kind"] == DimensionKind.MODEL]
    return DimensionSetResponse(**fields, not_scored_yet=unscored)
