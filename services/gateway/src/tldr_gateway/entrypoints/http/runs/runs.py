"""Runs: a finished stream under another dimension set."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from tldr_contracts.ids import RunId, StreamId
from tldr_gateway.adapters.work_postgres import Work
from tldr_gateway.application.accounts.caller import Caller
from tldr_gateway.application.runs.errors import RunNotFound
from tldr_gateway.application.streams.errors import StreamNotFound
from tldr_gateway.domain.accounts.scopes import Scope
from tldr_gateway.domain.runs.run import Run, default_of
from tldr_gateway.entrypoints.http.api import Api
from tldr_gateway.entrypoints.http.configuration.used import ChoiceRequest, UsedResponse, render_used
from tldr_gateway.entrypoints.http.idempotency import RESENT, Resendable
from tldr_gateway.entrypoints.http.streams.answers import FailureResponse
from tldr_gateway.entrypoints.http.streams.requests import ProcessingRequest
from tldr_gateway.entrypoints.http.words import Flag, IdPath


class RescoreRequest(ChoiceRequest):
    """What a highlight is to be now. Without `preset` and `dimension_set_id`, what it was, with other figures."""

    processing: ProcessingRequest | None = None
    make_default: Annotated[
        Flag, Field(description="Whether the run's highlights become those of the stream once it completes.")
    ] = False


class RunResponse(BaseModel):
    """One detection over a stream's signals. The highlights of the `default` run are those of the stream."""

    id: str
    stream_id: str
    state: str
    dimension_set: str
    version: int
    configuration: UsedResponse | None = None
    default: bool
    created_at: datetime
    completed_at: datetime | None
    highlights: int | None
    failure: FailureResponse | None


class RunsResponse(BaseModel):
    """A stream's runs, oldest first. The first one finished the stream."""

    runs: list[RunResponse]


def routes(api: Api) -> APIRouter:
    """The routes about runs."""
    router = APIRouter(prefix="/v1/streams/{stream_id}", tags=["runs"])
    read, write = api.caller(Scope.STREAMS_READ), api.caller(Scope.STREAMS_WRITE)

    @router.post("/rescores", status_code=202, responses=RESENT)
    async def rescore_stream(
        caller: Annotated[Caller, write],
        stream_id: IdPath,
        request: RescoreRequest,
        attempt: Resendable,
        response: Response,
    ) -> RunResponse:
        """Detect on a completed stream once more, from the signals that are kept. It is a look beside the
        stream's highlights unless `make_default` says otherwise; `rescore.completed` says when it is done.
        """
        processing = request.processing.model_dump(exclude_none=True) if request.processing else None
        async with api.acting(caller) as work:

            async def make() -> RunResponse:
                stream = StreamId(stream_id)
                run = await work.rescore(
                    caller.organization,
                    stream,
                    choice=request.choice(),
                    processing=processing,
                    make_default=request.make_default,
                    actor=caller.key,
                )
                return render(run, default=False)

            async def still(made: RunResponse) -> RunResponse | None:
                return made if await work.runs.get(StreamId(stream_id), RunId(made.id)) else None

            answer = await api.once(work, attempt, RunResponse, make, still=still)
        response.headers["location"] = f"/v1/streams/{stream_id}/runs/{answer.id}"
        return answer

    @router.get("/runs")
    async def list_runs(caller: Annotated[Caller, read], stream_id: IdPath) -> RunsResponse:
        """The stream's runs, oldest first."""
        found = await of_stream(caller, stream_id)
        default = default_of(found)
        return RunsResponse(runs=[render(run, default=run.id == default) for run in found])

    @router.get("/runs/{run_id}")
    async def get_run(caller: Annotated[Caller, read], stream_id: IdPath, run_id: IdPath) -> RunResponse:
        """A run."""
        found = await of_stream(caller, stream_id)
        for run in found:
            if run.id == run_id:
                return render(run, default=run.id == default_of(found))
        raise RunNotFound

    async def of_stream(caller: Caller, stream_id: str) -> Sequence[Run]:
        async with api.bound(caller.organization) as work:
            if await work.streams.get(StreamId(stream_id)) is None:
                raise StreamNotFound
            return await work.runs.of_stream(StreamId(stream_id))

    return router


async def wanted_run(work: Work, stream: StreamId, run: str | None) -> RunId | None:
    """The run that was asked for, if any; RunNotFound where the stream has no such run."""
    if run is None:
        return None
    found = await work.runs.get(stream, RunId(run))
    if found is None:
        raise RunNotFound
    return found.id


def render(run: Run, *, default: bool) -> RunResponse:
    """A run as JSON."""
    return RunResponse(
        id=run.id,
        stream_id=run.stream,
        state=run.state,
        dimension_set=run.profile.name,
        version=run.profile.version,
        configuration=render_used(run.profile),
        default=default,
        created_at=run.created_at,
        completed_at=run.completed_at,
        highlights=run.highlights,
        failure=FailureResponse(code=run.failure.code, reason=run.failure.reason) if run.failure else None,
    )
