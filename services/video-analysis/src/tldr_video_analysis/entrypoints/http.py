"""Questions about a stream's analysis, from other services."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from tldr_contracts.ids import StreamId
from tldr_database import Database
from tldr_video_analysis.adapters.streams.progress_postgres import count_segments
from tldr_video_analysis.adapters.streams.work_postgres import WorkFactory
from tldr_web import InternalAccess

_ANY_LANE = 0


class Progress(BaseModel):
    """How far a stream's picture and sound are measured and announced, and how many of its segments are analysed."""

    complete_until_ms: int
    ended: bool
    segments: int
    analysed: int


def router(database: Database, access: InternalAccess, work: WorkFactory) -> APIRouter:
    """The internal routes of this service."""
    routes = APIRouter(prefix="/internal/streams", tags=["analysis"])

    @routes.get("/{stream}/progress")
    async def progress(organization: Annotated[str, Depends(access)], stream: str) -> Progress:
        """A stream of which nothing came yet is measured up to 0."""
        wanted = StreamId(stream)
        async with database.tenant(organization) as transaction:
            found = await work(transaction, organization, _ANY_LANE).streams.get(wanted)
            counts = await count_segments(transaction, wanted, found.released_until_s * 1000)
        return Progress(
            complete_until_ms=found.complete_until_ms,
            ended=found.announced_attempt >= found.attempt,
            segments=counts.segments,
            analysed=counts.analysed,
        )

    return routes
