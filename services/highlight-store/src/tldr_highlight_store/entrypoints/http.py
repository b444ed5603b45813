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
from tldr_highlight_store.domain.highlights.highlight import ClipState, Highlight, HighlightState
from tldr_storage import ObjectStore
from tldr_streams.values import Failure, StoredObject
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
        return render(await find(organization, highlight))

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
            raise Problem(409, "highlight_withdrawn", "The highlight was taken back.")
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
        if found is None:
            raise Problem(404, "highlight_not_found", "There is no highlight of this id. List the stream's highlights.")
        return found

    def address(highlight: Highlight, stored: StoredObject | None, extension: str) -> dict[str, str]:
        if stored is None:
            raise missing(highlight)
        name = f"{highlight.id}.{extension}"
        return {"url": objects.download_url(stored.bucket, stored.key, lifetime, filename=name)}

    return routes


def missing(highlight: Highlight) -> Problem:
    """Why there is no clip or picture to be had."""
    if highlight.cut is ClipState.FAILED and highlight.failure:
        return Problem(404, highlight.failure.code, highlight.failure.reason)
    if highlight.cut is ClipState.READY:
        return Problem(404, "no_picture", "The stream has no picture to show.")
    return Problem(
        409, "clip_not_ready", "The clip is being made. Ask again when the highlight's `clip_state` is `ready`."
    )


def render(highlight: Highlight) -> dict[str, Any]:
    """A highlight as JSON: what detection said of it, under its names, and what became of it here."""
    details = dict(highlight.told)
    missing = details.pop("missing", [])
    return {
        **details,
        "id": highlight.id,
        "stream_id": highlight.stream,
        "run_id": highlight.run,
        "revision": highlight.revision,
        "state": highlight.state,
        "start_ms": highlight.start_ms,
        "end_ms": highlight.end_ms,
        "peak_ms": highlight.peak_ms,
        "missing_modalities": missing,
        "clip_state": highlight.cut,
        "has_thumbnail": highlight.thumbnail is not None,
        "failure": render_failure(highlight.failure),
        "description": highlight.edits.description,
        "tags": highlight.edits.tags,
        "verdict": highlight.verdict,
        "created_at": highlight.created_at,
    }


def render_failure(failure: Failure | None) -> dict[str, str] | None:
    """Why something did not come to be, as JSON."""
    return {"code": failure.code, "reason": failure.reason} if failure else None
