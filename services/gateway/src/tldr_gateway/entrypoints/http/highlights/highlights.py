"""Highlights: what was found, its clip and its picture."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import RedirectResponse
from pydantic import BaseModel

from tldr_contracts.ids import StreamId
from tldr_gateway.application.accounts.caller import Caller
from tldr_gateway.application.streams.errors import StreamNotFound
from tldr_gateway.domain.accounts.scopes import Scope
from tldr_gateway.domain.runs.run import default_of
from tldr_gateway.entrypoints.http.api import Api
from tldr_gateway.entrypoints.http.runs.runs import wanted_run
from tldr_gateway.entrypoints.http.streams.answers import FailureResponse
from tldr_gateway.entrypoints.http.words import Id, IdPath, opened_cursor, sealed_cursor


class DimensionResponse(BaseModel):
    """A dimension's score at the peak, and its weight in the total."""

    dimension: str
    score: float
    weight: float


class ContributionResponse(BaseModel):
    """What a signal gave to the score: its raw value, that value in robust standard deviations, its part of the score."""

    signal: str
    dimension: str
    value: float
    normalised: float
    amount: float


class HighlightResponse(BaseModel):
    """A moment that matters. Times are milliseconds of stream time."""

    id: str
    stream_id: str
    run_id: str
    revision: int
    state: str
    start_ms: int
    end_ms: int
    peak_ms: int
    types: list[str]
    score: float
    confidence: float
    title: str
    reason: str
    dimensions: list[DimensionResponse]
    contributions: list[ContributionResponse]
    missing_modalities: list[str]
    clip_state: str
    clip_url: str | None
    thumbnail_url: str | None
    failure: FailureResponse | None


class HighlightsResponse(BaseModel):
    """A page of highlights in order of time. Pass `next_cursor` as `cursor` for the next page."""

    highlights: list[HighlightResponse]
    next_cursor: str | None


def routes(api: Api) -> APIRouter:
    """The routes about highlights."""
    router = APIRouter(prefix="/v1", tags=["highlights"])
    read, write = api.caller(Scope.HIGHLIGHTS_READ), api.caller(Scope.HIGHLIGHTS_WRITE)

    @router.get("/streams/{stream_id}/highlights")
    async def page(
        caller: Annotated[Caller, read],
        stream_id: IdPath,
        run: Annotated[Id | None, Query(description="A run of the stream; without it, the default one.")] = None,
        cursor: Annotated[str | None, Query(max_length=200)] = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> HighlightsResponse:
        """The stream's highlights so far, in order of time."""
        async with api.bound(caller.organization) as work:
            if await work.streams.get(StreamId(stream_id)) is None:
                raise StreamNotFound
            stream = StreamId(stream_id)
            asked = await wanted_run(work, stream, run) or default_of(await work.runs.of_stream(stream))
        params: dict[str, str | int] = {"limit": limit, **({"run": asked} if asked else {})}
        if cursor:
            params["after_ms"], params["after_id"] = opened_cursor(cursor)
        answer = await api.ask(
            "highlight-store", caller, "GET", f"/internal/streams/{stream_id}/highlights", params=params
        )
        found = [_render(highlight) for highlight in answer["highlights"]]
        return HighlightsResponse(
            highlights=found, next_cursor=sealed_cursor(found[-1].start_ms, found[-1].id) if answer["more"] else None
        )

    @router.get("/highlights/{highlight_id}")
    async def one(caller: Annotated[Caller, read], highlight_id: IdPath) -> HighlightResponse:
        """A highlight with its reasons."""
        return _render(await api.ask("highlight-store", caller, "GET", f"/internal/highlights/{highlight_id}"))

    @router.get("/highlights/{highlight_id}/clip", status_code=307, response_class=RedirectResponse)
    async def clip(caller: Annotated[Caller, read], highlight_id: IdPath) -> str:
        """Redirects to the clip, an MP4 file that begins and ends where the highlight does."""
        return await _address(api, caller, highlight_id, "clip")

    @router.post("/highlights/{highlight_id}/clip", status_code=202)
    async def ask_for_clip(caller: Annotated[Caller, write], highlight_id: IdPath) -> HighlightResponse:
        """Have a clip cut of a highlight that may still change, as it is now. Asked for twice, it is cut once; its `clip_state`
        says when it is ready.
        """
        return _render(await api.ask("highlight-store", caller, "POST", f"/internal/highlights/{highlight_id}/clip"))

    @router.get("/highlights/{highlight_id}/thumbnail", status_code=307, response_class=RedirectResponse)
    async def thumbnail(caller: Annotated[Caller, read], highlight_id: IdPath) -> str:
        """Redirects to a picture of the highlight's peak."""
        return await _address(api, caller, highlight_id, "thumbnail")

    return router


async def _address(api: Api, caller: Caller, highlight: str, what: str) -> str:
    answer = await api.ask("highlight-store", caller, "GET", f"/internal/highlights/{highlight}/{what}")
    return str(answer["url"])


def _render(highlight: dict[str, Any]) -> HighlightResponse:
    path = f"/v1/highlights/{highlight['id']}"
    ready = highlight["clip_state"] == "ready"
    return HighlightResponse(
        **highlight,
        clip_url=f"{path}/clip" if ready else None,
        thumbnail_url=f"{path}/thumbnail" if highlight["has_thumbnail"] else None,
    )
