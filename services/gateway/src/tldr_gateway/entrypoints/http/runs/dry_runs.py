"""Dry runs: what a finished stream would be under another profile."""

from typing import Annotated, Self

from fastapi import APIRouter
from pydantic import BaseModel, Field, model_validator

from tldr_contracts.ids import StreamId
from tldr_gateway.application.accounts.caller import Caller
from tldr_gateway.domain.accounts.scopes import Scope
from tldr_gateway.entrypoints.http.api import Api
from tldr_gateway.entrypoints.http.configuration.sets_json import Dimensions, Types
from tldr_gateway.entrypoints.http.configuration.used import ChoiceRequest
from tldr_gateway.entrypoints.http.streams.requests import ProcessingRequest
from tldr_gateway.entrypoints.http.words import IdPath, RequestBody


class UnsavedSetRequest(RequestBody):
    """A dimension set that is not kept."""

    dimensions: Dimensions
    types: Types = Field(default_factory=list)


class DryRunRequest(ChoiceRequest):
    """What a highlight would be. Without a set, what it was, with other figures."""

    dimension_set: UnsavedSetRequest | None = None
    processing: ProcessingRequest | None = None

    @model_validator(mode="after")
    def _one_of_three(self) -> Self:
        if self.dimension_set is not None and (self.preset or self.dimension_set_id):
            raise ValueError("give one of preset, dimension_set_id and dimension_set")
        return self


class TriedHighlightResponse(BaseModel):
    """A highlight as it is detected; what people changed of it is not in it."""

    start_ms: int
    end_ms: int
    peak_ms: int
    types: list[str]
    score: float
    confidence: float
    title: str


class VanishingResponse(TriedHighlightResponse):
    """A highlight that there is, and would not be."""

    id: str


class ChangingResponse(BaseModel):
    """A highlight with other times, types or another score."""

    id: str
    before: TriedHighlightResponse
    after: TriedHighlightResponse


class DryRunCountsResponse(BaseModel):
    """How many there are of each; `same`: those that stay as they are."""

    appear: int
    vanish: int
    change: int
    same: int


class DryRunResponse(BaseModel):
    """What a rescore would change of the highlights of `compared_with`, in order of time: the first 200 of each."""

    compared_with: str | None
    counts: DryRunCountsResponse
    appear: list[TriedHighlightResponse]
    vanish: list[VanishingResponse]
    change: list[ChangingResponse]


def routes(api: Api) -> APIRouter:
    """The route about dry runs."""
    router = APIRouter(prefix="/v1/streams/{stream_id}", tags=["runs"])
    read = api.caller(Scope.STREAMS_READ, Scope.HIGHLIGHTS_READ)

    @router.post("/dry-runs")
    async def dry_run_stream(
        caller: Annotated[Caller, read], stream_id: IdPath, request: DryRunRequest
    ) -> DryRunResponse:
        """Detect on a completed stream under a set that need not be kept, and compare with its default run. Nothing is stored."""
        wanted = request.dimension_set
        processing = request.processing.model_dump(exclude_none=True) if request.processing else None
        async with api.bound(caller.organization) as work:
            prepared = await work.prepare_dry_run(
                StreamId(stream_id),
                dimension_set=wanted.model_dump(mode="json") if wanted else None,
                choice=request.choice(),
                processing=processing,
            )
        question = {"profile": prepared.profile.document, "against": prepared.against}
        path = f"/internal/streams/{stream_id}/dry-runs"
        found = await api.ask("fusion-detector", caller, "POST", path, json=question)
        return DryRunResponse.model_validate({**found, "compared_with": prepared.against})

    return router
