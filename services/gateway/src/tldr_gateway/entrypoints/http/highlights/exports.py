"""Highlights as a file: CSV for spreadsheets, or JSON. Written as they are read, a page at a time."""

import csv
import io
from collections.abc import AsyncIterator
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import Field

from tldr_gateway.application.accounts.caller import Caller
from tldr_gateway.application.highlights.errors import ExportTooLarge
from tldr_gateway.domain.accounts.scopes import Scope
from tldr_gateway.domain.highlights.spreadsheet import harmless
from tldr_gateway.entrypoints.http.api import Api
from tldr_gateway.entrypoints.http.highlights.answers import HighlightResponse, render
from tldr_gateway.entrypoints.http.highlights.lists import HighlightFilter, Sort
from tldr_gateway.entrypoints.http.words import Id

MOST = 50_000
_PAGE = 200
_COLUMNS = (
    *(
        "id",
        "stream_id",
        "run_id",
        "revision",
        "state",
        "start_ms",
        "end_ms",
        "peak_ms",
        "types",
        "score",
        "confidence",
    ),
    *(
        "title",
        "description",
        "reason",
        "tags",
        "verdict",
        "missing_modalities",
        "clip_state",
        "clip_url",
        "created_at",
    ),
)


class Format(StrEnum):
    """How a file is written."""

    CSV = "csv"
    JSON = "json"


class ExportQuery(HighlightFilter):
    """What is to be in the file, and how."""

    format: Format = Format.CSV
    sort: Sort = Sort.NEWEST
    stream_id: Annotated[Id | None, Field(description="Those of one stream.")] = None


def routes(api: Api) -> APIRouter:
    """The route of files."""
    router = APIRouter(prefix="/v1/highlights", tags=["highlights"])
    read = api.caller(Scope.HIGHLIGHTS_READ)
    files = {200: {"content": {"text/csv": {"schema": {"type": "string"}}, "application/json": {}}}}

    @router.get("/export", response_class=StreamingResponse, responses=files)  # type: ignore[arg-type]
    async def export_highlights(
        caller: Annotated[Caller, read], query: Annotated[ExportQuery, Query()]
    ) -> StreamingResponse:
        """The highlights of a list as a file, 50,000 at most: what would be more is refused, never cut off. A file that breaks
        off, without its end, could not be written.
        """
        asked = {**query.asked(), **({"stream": query.stream_id} if query.stream_id else {})}
        counting = {**asked, "at_most": MOST + 1}
        answer = await api.ask("highlight-store", caller, "GET", "/internal/highlight-count", params=counting)
        if answer["count"] > MOST:
            raise ExportTooLarge(MOST)
        rows = _rows(api, caller, asked, query.sort)
        written = _csv(rows) if query.format is Format.CSV else _json(rows)
        media_type = "text/csv; charset=utf-8" if query.format is Format.CSV else "application/json"
        named = {"content-disposition": f'attachment; filename="highlights.{query.format}"'}
        return StreamingResponse(written, media_type=media_type, headers=named)

    return router


async def _rows(api: Api, caller: Caller, asked: dict[str, Any], sort: Sort) -> AsyncIterator[list[HighlightResponse]]:
    """A page at a time: no more than that is held. What grew beyond the limit while it was read breaks off."""
    order = {"sort": sort.lstrip("-"), "descending": str(sort.startswith("-")).lower(), "limit": _PAGE}
    place: dict[str, str] = {}
    for _ in range(MOST // _PAGE):
        params = {**asked, **order, **place}
        answer = await api.ask("highlight-store", caller, "GET", "/internal/highlights", params=params)
        yield [render(highlight) for highlight in answer["highlights"]]
        if answer["next"] is None:
            return
        place = {"after_value": answer["next"]["value"], "after_id": answer["next"]["id"]}
    raise ExportTooLarge(MOST)


async def _csv(pages: AsyncIterator[list[HighlightResponse]]) -> AsyncIterator[str]:
    yield _lines([_COLUMNS])
    async for page in pages:
        yield _lines([[_cell(row[name]) for name in _COLUMNS] for row in (one.model_dump(mode="json") for one in page)])


async def _json(pages: AsyncIterator[list[HighlightResponse]]) -> AsyncIterator[str]:
    yield '{"highlights": ['
    between = ""
    async for page in pages:
        for one in page:
            yield between + one.model_dump_json()
            between = ",\n"
    yield "]}\n"


def _lines(rows: Any) -> str:
    written = io.StringIO(newline="")
    csv.writer(written).writerows(rows)
    return written.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return harmless(", ".join(value))
    return harmless(value) if isinstance(value, str) else value
