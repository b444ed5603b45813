"""Processing configs: how scores become highlights."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from tldr_gateway.application.accounts.caller import Caller
from tldr_gateway.domain.accounts.scopes import Scope
from tldr_gateway.domain.configuration.configured import Configured, Kind
from tldr_gateway.domain.configuration.processing import Evidence, Fusion
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
from tldr_gateway.entrypoints.http.configuration.types_json import Description, Score
from tldr_gateway.entrypoints.http.idempotency import RESENT, Resendable
from tldr_gateway.entrypoints.http.words import Flag, IdPath, IfMatch, Integer, Name, Number, RequestBody

_Length = Annotated[Integer, Field(ge=1000, le=600_000)]
_Apart = Annotated[Integer, Field(ge=0, le=600_000)]
_Gap = Annotated[
    Integer,
    Field(ge=0, le=600_000, description="Highlights with no more between them become one, where that is not too long."),
]
_PerHour = Annotated[Number, Field(gt=0, le=1000)]
_Most = Annotated[
    Integer, Field(ge=1, le=10_000, description="A recording keeps the best, a live stream those that come first.")
]
_Lag = Annotated[
    Integer, Field(ge=0, le=60_000, description="How late chat reacts, where you know; otherwise it is estimated.")
]
_Modalities = Annotated[
    list[Evidence],
    Field(min_length=1, max_length=len(Evidence), description="Signals of the others do not count for the score."),
]


class ProcessingConfigRequest(RequestBody):
    """A processing config to be made. A limit that is null is none."""

    name: Name
    description: Description = ""
    fusion: Fusion = Fusion.WEIGHTED
    modalities: _Modalities = Field(default_factory=lambda: list(Evidence))
    min_score: Score = 0.3
    min_length_ms: _Length = 8_000
    max_length_ms: _Length = 60_000
    min_spacing_ms: _Apart = 1_000
    merge_gap_ms: _Gap = 0
    max_per_hour: _PerHour | None = None
    max_highlights: _Most | None = None
    chat_lag_ms: _Lag | None = None
    thorough: Annotated[Flag, Field(description="Decode every frame, also where nothing happens.")] = False


class ProcessingConfigChangeRequest(RequestBody):
    """What is to change; the rest stays. A limit that is given as null goes."""

    name: Name = ""
    description: Description = ""
    fusion: Fusion = Fusion.WEIGHTED
    modalities: _Modalities = Field(default_factory=lambda: list(Evidence))
    min_score: Score = 0.0
    min_length_ms: _Length = 1_000
    max_length_ms: _Length = 1_000
    min_spacing_ms: _Apart = 0
    merge_gap_ms: _Gap = 0
    max_per_hour: _PerHour | None = None
    max_highlights: _Most | None = None
    chat_lag_ms: _Lag | None = None
    thorough: Flag = False


class ProcessingConfigResponse(ConfiguredResponse):
    """A processing config."""

    fusion: Fusion
    modalities: list[Evidence]
    min_score: float
    min_length_ms: int
    max_length_ms: int
    min_spacing_ms: int
    merge_gap_ms: int
    max_per_hour: float | None
    max_highlights: int | None
    chat_lag_ms: int | None
    thorough: bool


class ProcessingConfigsResponse(BaseModel):
    """A page of configs: your own, newest first, then those of the presets. Pass `next_cursor` as `cursor` for the next page."""

    processing_configs: list[ProcessingConfigResponse]
    next_cursor: str | None


class ProcessingConfigVersionsResponse(BaseModel):
    """A page of the versions of a config, newest first."""

    versions: list[ProcessingConfigResponse]
    next_cursor: int | None


def routes(api: Api) -> APIRouter:
    """The routes about processing configs."""
    router = APIRouter(
        prefix="/v1/processing-configs",
        tags=["processing-configs"],
        generate_unique_id_function=lambda route: route.name,
    )
    shelf = Shelf(api, Kind.PROCESSING_CONFIG, ProcessingConfigResponse, _render)
    _making(router, shelf)
    _looking(router, shelf)
    return router


def _making(router: APIRouter, shelf: Shelf[ProcessingConfigResponse]) -> None:
    write = shelf.api.caller(Scope.CONFIGURATION_WRITE)

    @router.post("", status_code=201, responses=RESENT)
    async def create_processing_config(
        caller: Annotated[Caller, write],
        request: ProcessingConfigRequest,
        attempt: Resendable,
        response: Response,
    ) -> ProcessingConfigResponse:
        """Make a processing config."""
        document = request.model_dump(mode="json", exclude={"name"})
        return await shelf.create(caller, attempt, response, request.name, document)

    @router.patch("/{processing_config_id}")
    async def update_processing_config(
        caller: Annotated[Caller, write],
        processing_config_id: IdPath,
        request: ProcessingConfigChangeRequest,
        response: Response,
        if_match: IfMatch = None,
    ) -> ProcessingConfigResponse:
        """Make the next version of a config. Streams that were submitted before keep the version they were submitted with."""
        changes = request.model_dump(mode="json", exclude_unset=True)
        name = changes.pop("name", None)
        return await shelf.change(caller, processing_config_id, response, if_match, changes, name)

    @router.delete("/{processing_config_id}", status_code=204)
    async def delete_processing_config(
        caller: Annotated[Caller, write], processing_config_id: IdPath, if_match: IfMatch = None
    ) -> None:
        """Delete a config with all its versions. Streams that were submitted with it keep what they need of it."""
        await shelf.delete(caller, processing_config_id, if_match)


def _looking(router: APIRouter, shelf: Shelf[ProcessingConfigResponse]) -> None:
    read = shelf.api.caller(Scope.CONFIGURATION_READ)

    @router.get("")
    async def list_processing_configs(
        caller: Annotated[Caller, read], cursor: Cursor = None, limit: Limit = 20
    ) -> ProcessingConfigsResponse:
        """Your configs, newest first, and those of the presets."""
        found, behind = await shelf.page(caller, cursor, limit)
        return ProcessingConfigsResponse(processing_configs=found, next_cursor=behind)

    @router.get("/{processing_config_id}")
    async def get_processing_config(
        caller: Annotated[Caller, read], processing_config_id: IdPath, response: Response
    ) -> ProcessingConfigResponse:
        """A config as it is now; that of a preset goes by the preset's name."""
        return await shelf.get(caller, processing_config_id, response)

    @router.get("/{processing_config_id}/versions")
    async def list_processing_config_versions(
        caller: Annotated[Caller, read], processing_config_id: IdPath, cursor: VersionCursor = None, limit: Limit = 20
    ) -> ProcessingConfigVersionsResponse:
        """The versions of a config, newest first."""
        found, behind = await shelf.versions(caller, processing_config_id, cursor, limit)
        return ProcessingConfigVersionsResponse(versions=found, next_cursor=behind)

    @router.get("/{processing_config_id}/versions/{version}")
    async def get_processing_config_version(
        caller: Annotated[Caller, read], processing_config_id: IdPath, version: VersionPath, response: Response
    ) -> ProcessingConfigResponse:
        """A config as it was."""
        return await shelf.version(caller, processing_config_id, version, response)


def _render(configured: Configured) -> ProcessingConfigResponse:
    return ProcessingConfigResponse(**shown(configured))
