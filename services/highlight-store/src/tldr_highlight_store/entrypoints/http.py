"""Questions about highlights, from the gateway."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from tldr_contracts.ids import HighlightId, RunId, StreamId
from tldr_database import Database
from tldr_highlight_store.adapters.highlights.highlights_postgres import PostgresHighlights
from tldr_highlight_store.adapters.streams.streams_postgres import lane_of
from tldr_highlight_store.adapters.work_postgres import WorkFactory
from tldr_highlight_store.application.clips.ask_for_clip import MOST_WANTED, AskForClip, TooManyClips
from tldr_highlight_store.application.highlights.errors import HighlightNotFound, HighlightWithdrawn
from tldr_highlight_store.domain.highlights.highlight import Highlight, HighlightState
from tldr_highlight_store.entrypoints.answers import missing, render, tagged
from tldr_storage import ObjectStore
from tldr_streams.values import StoredObject
from tldr_web import InternalAccess, Problem


def router(
    database: Database, objects: ObjectStore, access: InternalAccess, work: WorkFactory, lifetime: timedelta
) -> APIRouter:
    """The internal routes of this service."""
    routes = APIRouter(prefix="/internal", tags=["highlights"])

    @routes.get("/streams/{stream}/highlights")
    async def page(
        organization: Annotated[str, Depends(access)],
        stream: str,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        after_ms: Annotated[int | None, Query(ge=0, le=2**63 - 1)] = None,
        after_id: Annotated[str, Query(max_length=64)] = "",
        run: Annotated[str | None, Query(max_length=64)] = None,
    ) -> dict[str, Any]:
        after = None if after_ms is None else (after_ms, after_id)
        async with database.tenant(organization) as transaction:
            found = await PostgresHighlights(transaction, organization).page(
                StreamId(stream), after=after, limit=limit + 1, run=RunId(run) if run else None
            )
        return {"highlights": [render(highlight) for highlight in found[:limit]], "more": len(found) > limit}

    @routes.get("/highlights/{highlight}")
    async def one(organization: Annotated[str, Depends(access)], highlight: str) -> dict[str, Any]:
        return tagged(await find(organization, highlight))

    @routes.post("/highlights/{highlight}/clip", status_code=202)
    async def ask_for_clip(organization: Annotated[str, Depends(access)], highlight: str) -> dict[str, Any]:
        """A clip of the present revision of a highlight that may still change; asked twice, it is cut once."""
        known = await find(organization, highlight)
        async with database.tenant(organization) as transaction:
            lane = await lane_of(transaction, known.stream)
            try:
                asked = await AskForClip(work(transaction, organization, lane))(known.id)
            except TooManyClips:
                raise Problem(
                    429,
                    "too_many_clips",
                    f"{MOST_WANTED} clips of the stream are being made. Ask again when one is ready.",
                ) from None
        if asked is None or asked.state is HighlightState.RETRACTED:
            raise HighlightWithdrawn
        return render(asked)

    @routes.get("/highlights/{highlight}/clip")
    async def clip(organization: Annotated[str, Depends(access)], highlight: str) -> dict[str, str]:
        found = await find(organization, highlight)
        return address(found, found.clip, "mp4")

    @routes.get("/highlights/{highlight}/thumbnail")
    async def thumbnail(organization: Annotated[str, Depends(access)], highlight: str) -> dict[str, str]:
        found = await find(organization, highlight)
        return address(found, found.thumbnail, "jpg")

    async def find(organization: str, highlight: str) -> Highlight:
        async with database.tenant(organization) as transaction:
            found = await PostgresHighlights(transaction, organization).get(HighlightId(highlight))
        if found is None or found.deleted:
            raise HighlightNotFound
        return found

    def address(highlight: Highlight, stored: StoredObject | None, extension: str) -> dict[str, str]:
        if stored is None:
            raise missing(highlight)
        name = f"{highlight.id}.{extension}"
        return {"url": objects.download_url(stored.bucket, stored.key, lifetime, filename=name)}

    return routes
