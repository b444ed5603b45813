"""Highlights: what was found, its clip and its picture."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import RedirectResponse

from tldr_contracts.ids import StreamId
from tldr_gateway.application.accounts.caller import Caller
from tldr_gateway.application.streams.errors import StreamNotFound
from tldr_gateway.domain.accounts.scopes import Scope
from tldr_gateway.domain.runs.run import default_of
from tldr_gateway.entrypoints.http.api import Api
from tldr_gateway.entrypoints.http.highlights.answers import HighlightResponse, HighlightsResponse, render
from tldr_gateway.entrypoints.http.highlights.changes import tagged
from tldr_gateway.entrypoints.http.highlights.lists import HighlightsQuery, StreamHighlightsQuery, page_of
from tldr_gateway.entrypoints.http.runs.runs import wanted_run
from tldr_gateway.entrypoints.http.words import IdPath


def routes(api: Api) -> APIRouter:
    """The routes about highlights."""
    router = APIRouter(prefix="/v1", tags=["highlights"])
    read, write = api.caller(Scope.HIGHLIGHTS_READ), api.caller(Scope.HIGHLIGHTS_WRITE)

    @router.get("/highlights")
    async def list_highlights(
        caller: Annotated[Caller, read], query: Annotated[HighlightsQuery, Query()]
    ) -> HighlightsResponse:
        """Highlights of all streams, each stream's default run; the newest first, if not said otherwise."""
        return await page_of(api, caller, query)

    @router.get("/streams/{stream_id}/highlights")
    async def list_stream_highlights(
        caller: Annotated[Caller, read], stream_id: IdPath, query: Annotated[StreamHighlightsQuery, Query()]
    ) -> HighlightsResponse:
        """The stream's highlights so far, in order of time, if not said otherwise."""
        stream = StreamId(stream_id)
        async with api.bound(caller.organization) as work:
            if await work.streams.get(stream) is None:
                raise StreamNotFound
            run = await wanted_run(work, stream, query.run) or default_of(await work.runs.of_stream(stream))
        return await page_of(api, caller, query, stream=stream, **({"run": run} if run else {}))

    @router.get("/highlights/{highlight_id}")
    async def get_highlight(
        caller: Annotated[Caller, read], highlight_id: IdPath, response: Response
    ) -> HighlightResponse:
        """A highlight with its reasons. Its `ETag` changes with it."""
        path = f"/internal/highlights/{highlight_id}"
        return tagged(response, await api.ask("highlight-store", caller, "GET", path))

    @router.get("/highlights/{highlight_id}/clip", status_code=307, response_class=RedirectResponse)
    async def get_clip(caller: Annotated[Caller, read], highlight_id: IdPath) -> str:
        """Redirects to the clip, an MP4 file that begins and ends where the highlight does."""
        return await _address(api, caller, highlight_id, "clip")

    @router.post("/highlights/{highlight_id}/clip", status_code=202)
    async def create_clip(caller: Annotated[Caller, write], highlight_id: IdPath) -> HighlightResponse:
        """Have a clip cut of a highlight that may still change, as it is now. Asked for twice, it is cut once; its `clip_state`
        says when it is ready.
        """
        return render(await api.ask("highlight-store", caller, "POST", f"/internal/highlights/{highlight_id}/clip"))

    @router.get("/highlights/{highlight_id}/thumbnail", status_code=307, response_class=RedirectResponse)
    async def get_thumbnail(caller: Annotated[Caller, read], highlight_id: IdPath) -> str:
        """Redirects to a picture of the highlight's peak."""
        return await _address(api, caller, highlight_id, "thumbnail")

    return router


async def _address(api: Api, caller: Caller, highlight: str, what: str) -> str:
    answer = await api.ask("highlight-store", caller, "GET", f"/internal/highlights/{highlight}/{what}")
    return str(answer["url"])
