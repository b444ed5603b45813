"""Lists of highlights as they are asked for: over all streams or of one, filtered and ordered."""

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from tldr_gateway.application.accounts.caller import Caller
from tldr_gateway.entrypoints.http.api import Api
from tldr_gateway.entrypoints.http.cursors import Cursor
from tldr_gateway.entrypoints.http.highlights.answers import HighlightsResponse, render
from tldr_gateway.entrypoints.http.words import LARGEST, Id, Instant, Text

_Label = Annotated[Text, Field(min_length=1, max_length=100)]
_Share = Annotated[float | None, Field(ge=0, le=1)]
_Milliseconds = Annotated[int | None, Field(ge=0, le=LARGEST)]


class Sort(StrEnum):
    """An order; with `-` in front, from the largest down."""

    NEWEST = "-created_at"
    OLDEST = "created_at"
    SUREST = "-confidence"
    UNSUREST = "confidence"
    HIGHEST = "-score"
    LOWEST = "score"
    LAST = "-start_ms"
    FIRST = "start_ms"


class HighlightFilter(BaseModel):
    """What a highlight must have to be listed. Bounds are included, but for `created_before`."""

    model_config = ConfigDict(extra="forbid")

    type: Annotated[list[_Label], Field(max_length=20, description="Any of these types.")] = Field(default_factory=list)
    tag: Annotated[list[_Label], Field(max_length=20, description="All of these tags.")] = Field(default_factory=list)
    text: Annotated[
        _Label | None, Field(description="Words, each of which is in the title or the description, in whatever case.")
    ] = None
    state: Literal["provisional", "final"] | None = None
    clip_state: Literal["waiting", "ready", "failed"] | None = None
    verdict: Literal["accepted", "rejected", "none", "any"] | None = None
    min_confidence: _Share = None
    max_confidence: _Share = None
    min_duration_ms: _Milliseconds = None
    max_duration_ms: _Milliseconds = None
    created_after: Instant | None = None
    created_before: Instant | None = None

    def asked(self) -> dict[str, Any]:
        """As highlight-store is asked for it."""
        said: dict[str, Any] = self.model_dump(
            mode="json", include=set(HighlightFilter.model_fields), exclude_none=True
        )
        names = {"type": "types", "tag": "tags", "clip_state": "clip"}
        return {names.get(name, name): value for name, value in said.items() if value != []}


class HighlightsQuery(HighlightFilter):
    """A page of a list."""

    sort: Sort = Sort.NEWEST
    cursor: Cursor = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class StreamHighlightsQuery(HighlightsQuery):
    """A page of a stream's highlights."""

    sort: Sort = Sort.FIRST
    run: Annotated[Id | None, Field(description="A run of the stream; without it, the default one.")] = None


async def page_of(api: Api, caller: Caller, query: HighlightsQuery, **place: str) -> HighlightsResponse:
    """The page that was asked for, of the stream or run in `place` where one is given."""
    asked = {**query.asked(), **place}
    of = ("highlights", caller.organization, query.sort, sorted(asked.items()))
    order = {"sort": query.sort.lstrip("-"), "descending": str(query.sort.startswith("-")).lower()}
    params = {**asked, **order, "limit": query.limit}
    if query.cursor:
        params["after_value"], params["after_id"] = api.cursors.open(of, query.cursor)
    answer = await api.ask("highlight-store", caller, "GET", "/internal/highlights", params=params)
    after = answer["next"]
    return HighlightsResponse(
        highlights=[render(highlight) for highlight in answer["highlights"]],
        next_cursor=api.cursors.seal(of, after["value"], after["id"]) if after else None,
    )
