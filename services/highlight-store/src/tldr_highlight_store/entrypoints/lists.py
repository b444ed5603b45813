"""Lists of highlights, for the gateway: over all streams or of one, filtered and ordered."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from tldr_contracts.ids import HighlightId, RunId, StreamId
from tldr_database import Database
from tldr_highlight_store.adapters.highlights.lists_postgres import PostgresLists
from tldr_highlight_store.domain.highlights.highlight import ClipState, HighlightState
from tldr_highlight_store.domain.highlights.listing import Filter, Position, Sort, Value
from tldr_highlight_store.entrypoints.answers import render
from tldr_web import InternalAccess, Problem

_LARGEST = 2**63 - 1
_VALUES: dict[Sort, TypeAdapter[Any]] = {
    Sort.CREATED_AT: TypeAdapter(AwareDatetime),
    Sort.CONFIDENCE: TypeAdapter(float),
    Sort.SCORE: TypeAdapter(float),
    Sort.START: TypeAdapter(Annotated[int, Field(ge=-_LARGEST, le=_LARGEST)]),
}
_Short = Annotated[str, Field(max_length=100)]
_Id = Annotated[str | None, Field(max_length=64)]
_Share = Annotated[float | None, Field(ge=0, le=1)]
_Milliseconds = Annotated[int | None, Field(ge=0, le=_LARGEST)]


class FilterQuery(BaseModel):
    """What is to be listed, as the domain's `Filter` says it."""

    model_config = ConfigDict(extra="forbid")

    stream: _Id = None
    run: _Id = None
    types: Annotated[list[_Short], Field(max_length=20)] = Field(default_factory=list)
    tags: Annotated[list[_Short], Field(max_length=20)] = Field(default_factory=list)
    text: _Short | None = None
    state: Literal["provisional", "final"] | None = None
    clip: ClipState | None = None
    verdict: Literal["accepted", "rejected", "none", "any"] | None = None
    min_confidence: _Share = None
    max_confidence: _Share = None
    min_duration_ms: _Milliseconds = None
    max_duration_ms: _Milliseconds = None
    created_after: AwareDatetime | None = None
    created_before: AwareDatetime | None = None

    def wanted(self) -> Filter:
        """In the domain's words."""
        judged = {None: None, "none": False}.get(self.verdict, True)
        return Filter(
            StreamId(self.stream) if self.stream else None,
            RunId(self.run) if self.run else None,
            tuple(self.types),
            tuple(self.tags),
            self.text,
            HighlightState(self.state) if self.state else None,
            self.clip,
            judged,
            self.verdict if self.verdict in {"accepted", "rejected"} else None,
            self.min_confidence,
            self.max_confidence,
            self.min_duration_ms,
            self.max_duration_ms,
            self.created_after,
            self.created_before,
        )


class PageQuery(FilterQuery):
    """What is to be listed, in which order, from where on."""

    sort: Sort = Sort.CREATED_AT
    descending: bool = True
    after_value: Annotated[str | None, Field(max_length=64)] = None
    after_id: Annotated[str, Field(max_length=64)] = ""
    limit: Annotated[int, Field(ge=1, le=500)] = 50

    def after(self) -> Position | None:
        """The place behind which the page begins; Problem 422 where it is none of that order."""
        if self.after_value is None:
            return None
        try:
            return Position(_VALUES[self.sort].validate_python(self.after_value), HighlightId(self.after_id))
        except ValidationError:
            raise Problem(422, "invalid_cursor", "Use the place of an earlier answer with the same order.") from None


class CountQuery(FilterQuery):
    """What is to be counted, and where counting may end."""

    at_most: Annotated[int, Field(ge=1, le=1_000_000)]


def lists_router(database: Database, access: InternalAccess) -> APIRouter:
    """The internal routes of lists."""
    routes = APIRouter(prefix="/internal", tags=["highlights"])

    @routes.get("/highlights")
    async def page(
        organization: Annotated[str, Depends(access)], asked: Annotated[PageQuery, Query()]
    ) -> dict[str, Any]:
        """`next`: what `after_value` and `after_id` of the next page are; null where there is none."""
        async with database.tenant(organization) as transaction:
            found = await PostgresLists(transaction).page(
                asked.wanted(), asked.sort, descending=asked.descending, after=asked.after(), limit=asked.limit
            )
        place = {"value": _text(found.next.value), "id": found.next.id} if found.next else None
        return {"highlights": [render(highlight) for highlight in found.highlights], "next": place}

    @routes.get("/highlight-count")
    async def count(
        organization: Annotated[str, Depends(access)], asked: Annotated[CountQuery, Query()]
    ) -> dict[str, int]:
        """How many there are, not counted beyond `at_most`."""
        async with database.tenant(organization) as transaction:
            return {"count": await PostgresLists(transaction).count(asked.wanted(), at_most=asked.at_most)}

    return routes


def _text(value: Value) -> str:
    """With every digit."""
    return value.isoformat() if isinstance(value, datetime) else repr(value)
