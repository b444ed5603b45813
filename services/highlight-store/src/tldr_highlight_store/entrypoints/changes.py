"""Changes of highlights that customers ask for, from the gateway. `if_match`: the entity tag of what they saw."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from tldr_contracts.ids import HighlightId
from tldr_database import Database
from tldr_highlight_store.adapters.highlights.highlights_postgres import PostgresHighlights
from tldr_highlight_store.adapters.streams.streams_postgres import lane_of
from tldr_highlight_store.adapters.work_postgres import WorkFactory
from tldr_highlight_store.application.highlights.change_highlight import ChangeHighlight, Seen
from tldr_highlight_store.application.highlights.errors import HighlightNotFound
from tldr_highlight_store.domain.highlights.edits import Edits
from tldr_highlight_store.domain.highlights.highlight import Highlight
from tldr_highlight_store.entrypoints.answers import render, tagged
from tldr_web import InternalAccess, etag_of, require_match

IfMatch = Annotated[str | None, Query(max_length=1000)]


class EditRequest(BaseModel):
    """Words to change; those that are not given stay. A `title` of null is detection's own."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[str | None, Field(min_length=1, max_length=300)] = None
    description: Annotated[str, Field(max_length=5000)] = ""
    tags: Annotated[list[Annotated[str, Field(min_length=1, max_length=50)]], Field(max_length=20)] = []

    def change(self) -> Callable[[Edits], Edits]:
        """What it does to the words there are."""
        said = self.model_dump(exclude_unset=True)
        if "tags" in said:
            said["tags"] = tuple(dict.fromkeys(said["tags"]))
        return lambda edits: replace(edits, **said)


class TrimRequest(BaseModel):
    """Where the clip is to begin and end."""

    model_config = ConfigDict(extra="forbid")

    start_ms: Annotated[int, Field(ge=0, le=2**62)]
    end_ms: Annotated[int, Field(ge=1, le=2**62)]


def changes_router(database: Database, access: InternalAccess, work: WorkFactory) -> APIRouter:
    """The internal routes of changes."""
    routes = APIRouter(prefix="/internal/highlights", tags=["highlights"])

    @asynccontextmanager
    async def changing(organization: str, highlight: str) -> AsyncIterator[ChangeHighlight]:
        """The changes of one transaction, told in the lane of the highlight's stream."""
        async with database.tenant(organization) as transaction:
            known = await PostgresHighlights(transaction, organization).get(HighlightId(highlight))
            if known is None:
                raise HighlightNotFound
            yield ChangeHighlight(work(transaction, organization, await lane_of(transaction, known.stream)))

    @routes.patch("/{highlight}")
    async def edit(
        organization: Annotated[str, Depends(access)], highlight: str, request: EditRequest, if_match: IfMatch = None
    ) -> dict[str, Any]:
        async with changing(organization, highlight) as change:
            return tagged(await change.edit(HighlightId(highlight), request.change(), seen_as(if_match)))

    @routes.post("/{highlight}/trim", status_code=202)
    async def trim(
        organization: Annotated[str, Depends(access)], highlight: str, request: TrimRequest, if_match: IfMatch = None
    ) -> dict[str, Any]:
        async with changing(organization, highlight) as change:
            wanted = HighlightId(highlight)
            return tagged(await change.trim(wanted, request.start_ms, request.end_ms, seen_as(if_match)))

    @routes.delete("/{highlight}", status_code=204)
    async def delete(organization: Annotated[str, Depends(access)], highlight: str, if_match: IfMatch = None) -> None:
        async with changing(organization, highlight) as change:
            await change.delete(HighlightId(highlight), seen_as(if_match))

    return routes


def seen_as(if_match: str | None) -> Seen:
    """Raises Problem 412 where the highlight is not the one with this tag."""

    def check(highlight: Highlight) -> None:
        require_match(if_match, etag_of(render(highlight)))

    return check
