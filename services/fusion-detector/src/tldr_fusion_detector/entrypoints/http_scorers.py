"""Scorers of an organization, from the gateway."""

from dataclasses import asdict
from typing import Annotated, Any, Self

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field, model_validator

from tldr_contracts.ids import ScorerId, StreamId, new_id
from tldr_fusion_detector.application.scoring.scorer_record import (
    MOST_MOMENTS,
    MOST_STREAMS,
    Labels,
    Moment,
    ScorerRecord,
)
from tldr_fusion_detector.application.signals.view_stream import LONGEST_S
from tldr_fusion_detector.entrypoints.http_highlights import OpenWork
from tldr_web import InternalAccess

StreamTime = Annotated[int, Field(ge=0, le=LONGEST_S * 1000)]
Id = Annotated[str, Field(min_length=1, max_length=64)]


class MomentRequest(BaseModel):
    """A range of a stream that people kept."""

    stream_id: Id
    start_ms: StreamTime
    end_ms: StreamTime


class ScorerRequest(BaseModel):
    """What a scorer is learned from: verdicts, or all that people kept of some streams. `id`: the one it is to have."""

    id: Annotated[str, Field(pattern=r"^scr_[0-9a-f]{32}$")] | None = None
    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
    from_verdicts: bool = False
    streams: Annotated[list[Id], Field(max_length=MOST_STREAMS)] = []
    moments: Annotated[list[MomentRequest], Field(max_length=MOST_MOMENTS)] = []

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if self.from_verdicts == bool(self.streams or self.moments):
            raise ValueError("give streams and moments, or from_verdicts")
        known = set(self.streams)
        if any(moment.stream_id not in known for moment in self.moments):
            raise ValueError("a moment lies in none of the streams")
        if any(moment.end_ms <= moment.start_ms for moment in self.moments):
            raise ValueError("a moment ends before it starts")
        return self

    def labels(self) -> Labels | None:
        """In the application's words; None where verdicts say it."""
        if self.from_verdicts:
            return None
        moments = (Moment(StreamId(one.stream_id), one.start_ms, one.end_ms) for one in self.moments)
        return Labels(tuple(StreamId(stream) for stream in dict.fromkeys(self.streams)), tuple(moments))


def scorers_router(open_work: OpenWork, access: InternalAccess) -> APIRouter:
    """The internal routes about scorers."""
    routes = APIRouter(prefix="/internal/scorers", tags=["scorers"])

    @routes.post("", status_code=202)
    async def train(organization: Annotated[str, Depends(access)], request: ScorerRequest) -> dict[str, Any]:
        async with open_work(organization) as work:
            wanted = ScorerId(request.id or new_id("scr"))
            return render_scorer(await work.request_scorer(request.name, request.labels(), wanted=wanted))

    @routes.get("")
    async def scorers(organization: Annotated[str, Depends(access)]) -> dict[str, Any]:
        async with open_work(organization) as work:
            return {"scorers": [render_scorer(one) for one in await work.scorers.all()]}

    @routes.get("/{scorer}")
    async def one(organization: Annotated[str, Depends(access)], scorer: str) -> dict[str, Any]:
        async with open_work(organization) as work:
            return render_scorer(await work.change_scorer.one(ScorerId(scorer)))

    @routes.get("/{scorer}/document")
    async def document(organization: Annotated[str, Depends(access)], scorer: str) -> Response:
        async with open_work(organization) as work:
            found = await work.change_scorer.document(ScorerId(scorer))
        return Response(found, media_type="application/json")

    @routes.put("/{scorer}/active")
    async def activate(organization: Annotated[str, Depends(access)], scorer: str) -> dict[str, Any]:
        async with open_work(organization) as work:
            return render_scorer(await work.change_scorer.activate(ScorerId(scorer)))

    @routes.delete("/{scorer}/active", status_code=204)
    async def deactivate(organization: Annotated[str, Depends(access)], scorer: str) -> None:
        async with open_work(organization) as work:
            await work.change_scorer.deactivate(ScorerId(scorer))

    @routes.delete("/{scorer}", status_code=204)
    async def remove(organization: Annotated[str, Depends(access)], scorer: str) -> None:
        async with open_work(organization) as work:
            await work.change_scorer.remove(ScorerId(scorer))

    return routes


def render_scorer(scorer: ScorerRecord) -> dict[str, Any]:
    """A scorer without its document. One that is not used any longer is not shown as active."""
    return {
        "id": scorer.id,
        "name": scorer.name,
        "version": scorer.version,
        "state": scorer.state,
        "active": scorer.active and not scorer.outdated,
        "failure": asdict(scorer.failure) if scorer.failure else None,
        "provenance": asdict(scorer.provenance) if scorer.provenance else None,
        "progress": asdict(scorer.progress) if scorer.progress else None,
        "left_out": scorer.left_out,
        "created_at": scorer.created_at,
    }
