"""Verdicts: what the organization says of its highlights, and what was learned from it."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from tldr_gateway.application.accounts.caller import Caller
from tldr_gateway.domain.accounts.scopes import Scope
from tldr_gateway.entrypoints.http.api import Api
from tldr_gateway.entrypoints.http.highlights.explanations import RecalibrationResponse
from tldr_gateway.entrypoints.http.words import IdPath, RequestBody

_LONGEST_MS = 48 * 3600 * 1000
StreamTime = Annotated[int | None, Field(ge=0, le=_LONGEST_MS)]


class VerdictRequest(RequestBody):
    """Whether a highlight was one, and where it should have begun and ended, if elsewhere."""

    verdict: Literal["accepted", "rejected"]
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
    async def put(caller: Annotated[Caller, write], highlight_id: IdPath, request: VerdictRequest) -> VerdictResponse:
        """Accept or reject a highlight. Enough verdicts make the confidence of later highlights the organization's own."""
        wanted = request.model_dump(mode="json")
        return VerdictResponse.model_validate(await api.ask(detector, caller, "PUT", _path(highlight_id), json=wanted))

    @router.get("/highlights/{highlight_id}/verdict")
    async def verdict(caller: Annotated[Caller, read], highlight_id: IdPath) -> VerdictResponse:
        """The verdict on a highlight."""
        return VerdictResponse.model_validate(await api.ask(detector, caller, "GET", _path(highlight_id)))

    @router.delete("/highlights/{highlight_id}/verdict", status_code=204)
    async def withdraw(caller: Annotated[Caller, remove], highlight_id: IdPath) -> None:
        """Withdraw a verdict; it is learned from no more."""
        await api.ask(detector, caller, "DELETE", _path(highlight_id))

    @router.get("/verdicts/summary")
    async def summary(caller: Annotated[Caller, read]) -> VerdictsResponse:
        """How many highlights were accepted and rejected, and what was learned from that."""
        return VerdictsResponse.model_validate(await api.ask(detector, caller, "GET", "/internal/verdicts/summary"))

    return router


def _path(highlight: str) -> str:
    return f"/internal/highlights/{highlight}/verdict"
