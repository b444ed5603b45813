"""Scorers: what an organization trains from the moments that it keeps."""

from datetime import datetime
from typing import Annotated, Literal, Self

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, model_validator

from tldr_gateway.application.accounts.caller import Caller
from tldr_gateway.domain.accounts.scopes import Scope
from tldr_gateway.entrypoints.http.api import Api
from tldr_gateway.entrypoints.http.idempotency import RESENT, Resendable, found
from tldr_gateway.entrypoints.http.streams.answers import FailureResponse
from tldr_gateway.entrypoints.http.words import Flag, Id, IdPath, Integer, RequestBody
from tldr_web import may

_LONGEST_MS = 48 * 3600 * 1000
StreamTime = Annotated[Integer, Field(ge=0, le=_LONGEST_MS)]


class MomentRequest(RequestBody):
    """A range of a stream that people kept."""

    stream_id: Id
    start_ms: StreamTime
    end_ms: StreamTime


class ScorerRequest(RequestBody):
    """Completed streams with all that people kept of them, or `from_verdicts`: the highlights that were accepted.

    What is in no moment counts as not kept.
    """

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
    from_verdicts: Flag = False
    streams: Annotated[list[Id], Field(max_length=200)] = Field(default_factory=list)
    moments: Annotated[list[MomentRequest], Field(max_length=10_000)] = Field(default_factory=list)

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if self.from_verdicts == bool(self.streams or self.moments):
            raise ValueError("give streams and moments, or from_verdicts")
        return self


class ProvenanceResponse(BaseModel):
    """What a scorer was made from. `data` is the SHA-256 of streams and moments.

    `trained` and `default`: figures by name, in per cent, on streams that were left out of training.
    """

    data: str
    streams: int
    seconds: int
    moments: int
    created: str
    trained: dict[str, float]
    default: dict[str, float]
    libraries: dict[str, str]


class TrainingProgressResponse(BaseModel):
    """How far a training is. It begins anew where it has to be tried again."""

    step: str = Field(description="What is done now, in plain words.")
    share: Annotated[float, Field(ge=0, le=1, description="Of all that is to be done.")]


class LeftOutResponse(BaseModel):
    """How many of the streams asked for a scorer is not learned from."""

    too_much: int = Field(
        default=0, description="Beyond the newest 200, or did not fit into 500 hours with newer ones."
    )
    no_signals: int = Field(default=0, description="Nothing was measured of them, or it is not kept any longer.")
    not_completed: int = Field(default=0, description="They failed, are not done or are gone.")


class ScorerResponse(BaseModel):
    """A scorer. New runs of the organization are made with the one that is `active`."""

    id: str
    name: str
    version: int = Field(description="Counts the scorers of this name.")
    state: Literal["training", "ready", "refused", "failed"]
    active: bool
    failure: FailureResponse | None = Field(description="Why it is refused or has failed.")
    provenance: ProvenanceResponse | None
    progress: TrainingProgressResponse | None = Field(default=None, description="While it is in training.")
    left_out: LeftOutResponse | None = Field(
        default=None, description="Of the streams asked for, by name or by verdicts. Null until it is known."
    )
    created_at: datetime


class ScorersResponse(BaseModel):
    """The organization's scorers, newest first."""

    scorers: list[ScorerResponse]


def routes(api: Api) -> APIRouter:
    """The routes about scorers."""
    router = APIRouter(prefix="/v1/scorers", tags=["scorers"])
    read, write = api.caller(Scope.HIGHLIGHTS_READ), api.caller(Scope.HIGHLIGHTS_WRITE)
    remove = api.caller(Scope.HIGHLIGHTS_DELETE)
    detector, path = "fusion-detector", "/internal/scorers"

    @router.post("", status_code=202, responses=may(404) | RESENT)
    async def create_scorer(
        caller: Annotated[Caller, write],
        request: ScorerRequest,
        attempt: Resendable,
        response: Response,
    ) -> ScorerResponse:
        """Train a scorer. It is `ready` when it is surely better than the default on streams that were left out, and
        `refused` when not, or when there is too little to learn from.
        """
        async with api.bound(caller.organization) as work:
            proposed = await api.once.proposed(work, attempt, "scr")

        async def make() -> ScorerResponse:
            wanted = {**request.model_dump(mode="json"), "id": proposed}
            answer = await api.ask(detector, caller, "POST", path, json=wanted)
            return ScorerResponse.model_validate(answer)

        async def still(made: ScorerResponse) -> ScorerResponse | None:
            return made if await found(api.ask(detector, caller, "GET", f"{path}/{made.id}")) else None

        async with api.bound(caller.organization) as work:
            answer = await api.once(work, attempt, ScorerResponse, make, still=still)
        response.headers["location"] = f"/v1/scorers/{answer.id}"
        return answer

    @router.get("")
    async def list_scorers(caller: Annotated[Caller, read]) -> ScorersResponse:
        """The organization's scorers, newest first."""
        return ScorersResponse.model_validate(await api.ask(detector, caller, "GET", path))

    @router.get("/{scorer_id}")
    async def get_scorer(caller: Annotated[Caller, read], scorer_id: IdPath) -> ScorerResponse:
        """A scorer with its figures."""
        return ScorerResponse.model_validate(await api.ask(detector, caller, "GET", f"{path}/{scorer_id}"))

    @router.get("/{scorer_id}/document", response_class=JSONResponse, responses=may(409))
    async def get_scorer_document(caller: Annotated[Caller, read], scorer_id: IdPath) -> JSONResponse:
        """The scorer itself, to take along: trees, words and thresholds as plain figures."""
        return JSONResponse(await api.ask(detector, caller, "GET", f"{path}/{scorer_id}/document"))

    @router.put("/{scorer_id}/active")
    async def activate_scorer(caller: Annotated[Caller, write], scorer_id: IdPath) -> ScorerResponse:
        """Make new runs, rescores among them, with this scorer. Types are still those of the stream's preset."""
        return ScorerResponse.model_validate(await api.ask(detector, caller, "PUT", f"{path}/{scorer_id}/active"))

    @router.delete("/{scorer_id}/active", status_code=204)
    async def deactivate_scorer(caller: Annotated[Caller, remove], scorer_id: IdPath) -> None:
        """Make new runs by the dimensions of their preset again."""
        await api.ask(detector, caller, "DELETE", f"{path}/{scorer_id}/active")

    @router.delete("/{scorer_id}", status_code=204)
    async def delete_scorer(caller: Annotated[Caller, remove], scorer_id: IdPath) -> None:
        """Delete a scorer. Highlights that were found by it stay, and can still be explained."""
        await api.ask(detector, caller, "DELETE", f"{path}/{scorer_id}")

    return router
