"""Dimension sets: what makes a moment worth keeping."""

from typing import Annotated, Any

from fastapi import APIRouter, Response

from tldr_gateway.adapters.work_postgres import Work
from tldr_gateway.application.accounts.caller import Caller
from tldr_gateway.domain.accounts.scopes import Scope
from tldr_gateway.domain.configuration.configured import Configured, Kind
from tldr_gateway.domain.configuration.dimension_set import DimensionKind
from tldr_gateway.entrypoints.http.api import Api
from tldr_gateway.entrypoints.http.configuration.sets_json import (
    CloneRequest,
    DimensionSetChangeRequest,
    DimensionSetRequest,
    DimensionSetResponse,
    DimensionSetsResponse,
    DimensionSetVersionsResponse,
)
from tldr_gateway.entrypoints.http.configuration.shelf import (
    Cursor,
    Limit,
    Shelf,
    VersionCursor,
    VersionPath,
    shown,
)
from tldr_gateway.entrypoints.http.idempotency import RESENT, Resendable
from tldr_gateway.entrypoints.http.words import IdPath, IfMatch


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

    @router.post("", status_code=201, responses=RESENT)
    async def create_dimension_set(
        caller: Annotated[Caller, write],
        request: DimensionSetRequest,
        attempt: Resendable,
        response: Response,
    ) -> DimensionSetResponse:
        """Make a dimension set. Its weights are scaled to sum to 1."""
        document = {**request.model_dump(mode="json", exclude={"name"}), "based_on": None}
        return await shelf.create(caller, attempt, response, request.name, document)

    @router.post("/{dimension_set_id}/clone", status_code=201, responses=RESENT)
    async def clone_dimension_set(
        caller: Annotated[Caller, write],
        dimension_set_id: IdPath,
        attempt: Resendable,
        response: Response,
        request: CloneRequest | None = None,
    ) -> DimensionSetResponse:
        """Make a set of your own like this one, which may be a preset."""
        wanted = request or CloneRequest()

        async def like_it(work: Work) -> Configured:
            found = await work.configurations.one(shelf.kind, dimension_set_id)
            if wanted.version is not None:
                found = await work.configurations.version(shelf.kind, dimension_set_id, wanted.version)
            name = wanted.name or f"Copy of {found.name}"[:200]
            return await work.configure.create(caller, shelf.kind, name, found.document)

        return await shelf.make(caller, attempt, response, like_it)

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
