"""Verdicts: what the organization says of its highlights, and what was learned from it."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from tldr_gateway.application.accounts.caller import Caller
from tldr_gateway.domain.accounts.scopes import Scope
from tldr_gateway.entrypoints.http.api import Api
from tldr_gateway.entrypoints.http.cursors import Cursor
from tldr_gateway.entrypoints.http.highlights.explanations import RecalibrationResponse
from tldr_gateway.entrypoints.http.words import Id, IdPath, RequestBody

_LONGEST_MS = 48 * 3600 * 1000
Opinion = Literal["accepted", "rejected"]
StreamTime = Annotated[int | None, Field(ge=0, le=_LONGEST_MS)]


class VerdictRequest(RequestBody):
    """Whether a highlight was one, and where it should have begun and ended, if elsewhere."""

    verdict: Opinion
    start_ms: StreamTime = None
    end_ms: StreamTime = None


class VerdictResponse(BaseModel):
    """A verdict on a highlight."""

    highlight_id: str
    stream_id: str
    verdict: str
    start_ms: int | None
    end_ms: int | None
    decided_at: datetime


class VerdictPageResponse(BaseModel):
    """A page of verdicts, newest first. Pass `next_cursor` as `cursor` for the next page."""

    verdicts: list[VerdictResponse]
    next_cursor: str | None


class LearnedResponse(BaseModel):
    """The verdicts on highlights of a dimension set, and the recalibration that new streams are processed with."""

    dimension_set: str
    accepted: int
    rejected: int
    recalibration: RecalibrationResponse | None


class VerdictsResponse(BaseModel):
    """All verdicts in figures."""

    dimension_sets: list[LearnedResponse]


def routes(api: Api) -> APIRouter:
    """The routes about verdicts."""
    router = APIRouter(prefix="/v1", tags=["verdicts"])
    read, write = api.caller(Scope.HIGHLIGHTS_READ), api.caller(Scope.HIGHLIGHTS_WRITE)
    remove = api.caller(Scope.HIGHLIGHTS_DELETE)
    detector = "fusion-detector"

    @router.put("/highlights/{highlight_id}/verdict")
    async def give_verdict(
        caller: Annotated[Caller, write], highlight_id: IdPath, request: VerdictRequest
    ) -> VerdictResponse:
        """Accept or reject a highlight. Enough verdicts make the confidence of later highlights the organization's own."""
        wanted = request.model_dump(mode="json")
        return VerdictResponse.model_validate(await api.ask(detector, caller, "PUT", _path(highlight_id), json=wanted))

    @router.get("/highlights/{highlight_id}/verdict")
    async def get_verdict(caller: Annotated[Caller, read], highlight_id: IdPath) -> VerdictResponse:
        """The verdict on a highlight."""
        return VerdictResponse.model_validate(await api.ask(detector, caller, "GET", _path(highlight_id)))

    @router.delete("/highlights/{highlight_id}/verdict", status_code=204)
    async def withdraw_verdict(caller: Annotated[Caller, remove], highlight_id: IdPath) -> None:
        """Withdraw a verdict; it is learned from no more."""
        await api.ask(detector, caller, "DELETE", _path(highlight_id))

    @router.get("/verdicts")
    async def list_verdicts(
        caller: Annotated[Caller, read],
        verdict: Opinion | None = None,
        stream_id: Annotated[Id | None, Query(description="Those on a stream's highlights.")] = None,
        cursor: Annotated[Cursor, Query()] = None,
        limit: Annotated[int, Query(ge=1, le=100)] = 50,
    ) -> VerdictPageResponse:
        """The organization's verdicts, newest first."""
        asked = {name: said for name, said in (("verdict", verdict), ("stream", stream_id)) if said is not None}
        of = ("verdicts", caller.organization, sorted(asked.items()))
        params: dict[str, str | int] = {**asked, "limit": limit}
        if cursor:
            params["before"], params["before_id"] = api.cursors.open(of, cursor)
        answer = await api.ask(detector, caller, "GET", "/internal/verdicts", params=params)
        found = [VerdictResponse.model_validate(one) for one in answer["verdicts"]]
        place = answer["verdicts"][-1] if answer["more"] else None
        after = api.cursors.seal(of, place["decided_at"], place["highlight_id"]) if place else None
        return VerdictPageResponse(verdicts=found, next_cursor=after)

    @router.get("/verdicts/summary")
    async def summarize_verdicts(caller: Annotated[Caller, read]) -> VerdictsResponse:
        """How many highlights were accepted and rejected, and what was learned from that."""
        return VerdictsResponse.model_validate(await api.ask(detector, caller, "GET", "/internal/verdicts/summary"))

    return router


def _path(highlight: str) -> str:
    return f"/internal/highlights/{highlight}/verdict"
