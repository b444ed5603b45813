"""Presets: what a highlight can be, ready to choose."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel

from tldr_gateway.application.accounts.caller import Caller
from tldr_gateway.domain.accounts.scopes import Scope
from tldr_gateway.domain.streams.submission import Profile
from tldr_gateway.entrypoints.http.api import Api


class PresetDimensionResponse(BaseModel):
    """One thing that makes a moment worth keeping; the weights of a preset sum to 1."""

    name: str
    description: str
    weight: float


class TypeResponse(BaseModel):
    """A type that highlights can have."""

    name: str
    title: str


class PresetResponse(BaseModel):
    """A preset. Give its `name` as a stream's `preset`."""

    name: str
    version: int
    dimensions: list[PresetDimensionResponse]
    types: list[TypeResponse]


class PresetsResponse(BaseModel):
    """All presets."""

    presets: list[PresetResponse]


def routes(api: Api) -> APIRouter:
    """The routes about presets."""
    router = APIRouter(prefix="/v1", tags=["presets"])
    read = api.caller(Scope.CONFIGURATION_READ)

    @router.get("/presets")
    async def list_presets(caller: Annotated[Caller, read]) -> PresetsResponse:
        """The presets with their dimensions and types."""
        return PresetsResponse(presets=[_render(profile) for profile in api.work.profiles.all()])

    return router


def _render(profile: Profile) -> PresetResponse:
    return PresetResponse(
        name=profile.name,
        version=profile.version,
        dimensions=[PresetDimensionResponse.model_validate(dimension) for dimension in profile.document["dimensions"]],
        types=[TypeResponse.model_validate(kind) for kind in profile.document["types"]],
    )
