"""Why a highlight has its score, so that anyone can compute it again."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from tldr_gateway.application.accounts.caller import Caller
from tldr_gateway.domain.accounts.scopes import Scope
from tldr_gateway.entrypoints.http.api import Api
from tldr_gateway.entrypoints.http.highlights.answers import DimensionResponse
from tldr_gateway.entrypoints.http.words import IdPath


class ExplainedPartResponse(BaseModel):
    """A signal's part of the score. `normalised`: robust standard deviations of `value` above the `baseline`."""

    signal: str
    dimension: str
    value: float
    baseline: float
    normalised: float
    amount: float


class LagResponse(BaseModel):
    """Chat reacted `seconds` late, give or take `sigma`; `evidence` in [0, 1] says how much of it is this stream's own."""

    seconds: float
    sigma: float
    evidence: float


class RecalibrationResponse(BaseModel):
    """What verdicts taught: the log-odds of a confidence times `slope`, plus `intercept`.

    `gain`: by how much it lowered the log-loss, in nats a verdict, on verdicts that were held out.
    """

    version: int
    slope: float
    intercept: float
    verdicts: int
    gain: float


class TamperingResponse(BaseModel):
    """Something that is not as it was when the run completed.

    `signal`: a signal, or `gaps`, `marks`, `words`, `run`, `highlight`, `scorer`, `evidence`. `what` goes on the sentence.
    """

    signal: str
    what: str


class ExplanationResponse(BaseModel):
    """A highlight's score, recomputed from the stored signals with full precision."""

    highlight_id: str
    stream_id: str
    run_id: str
    peak_ms: int
    title: str
    reason: str
    settled: bool = Field(description="Whether the run has completed; before, its signals may still change.")
    recorded_score: float
    recomputed_score: float
    deviation: float | None = Field(
        description="The largest difference between recorded and recomputed figures; null where they cannot be compared."
    )
    holds: bool | None = Field(description="Deviation at most 1e-9, and nothing it was made from has changed.")
    contributions: list[ExplainedPartResponse]
    dimensions: list[DimensionResponse]
    lag: LagResponse | None
    calibration_version: int
    recalibration: RecalibrationResponse | None
    scorer_id: str | None = Field(default=None, description="The trained scorer that scored it, if one did.")
    tampered: list[TamperingResponse]


def routes(api: Api) -> APIRouter:
    """The route about explanations."""
    router = APIRouter(prefix="/v1/highlights", tags=["highlights"])
    read = api.caller(Scope.HIGHLIGHTS_READ)

    @router.get("/{highlight_id}/explanation")
    async def explain_highlight(caller: Annotated[Caller, read], highlight_id: IdPath) -> ExplanationResponse:
        """Recompute the highlight's score from the signals that are stored, and say what no longer is as the run saw it."""
        path = f"/internal/highlights/{highlight_id}/explanation"
        return ExplanationResponse.model_validate(await api.ask("fusion-detector", caller, "GET", path))

    return router
