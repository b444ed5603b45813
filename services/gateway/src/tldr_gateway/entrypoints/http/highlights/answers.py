"""Highlights as JSON: what is answered."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel

from tldr_gateway.entrypoints.http.streams.answers import FailureResponse


class DimensionResponse(BaseModel):
    """A dimension's score at the peak, and its weight in the total."""

    dimension: str
    score: float
    weight: float


class ContributionResponse(BaseModel):
    """What a signal gave to the score: its raw value, that value in robust standard deviations, its part of the score."""

    signal: str
    dimension: str
    value: float
    normalised: float
    amount: float


class TrimResponse(BaseModel):
    """A clip with another start and end that is being cut, or why it could not be. Until it is ready the highlight stays as
    it was.
    """

    state: Literal["waiting", "failed"]
    start_ms: int
    end_ms: int
    failure: FailureResponse | None


class HighlightResponse(BaseModel):
    """A moment that matters. Times are milliseconds of stream time. `title` is detection's own until it is edited;
    `description` and `tags` are the organization's, as is the `verdict`, which may come a moment after it was given.
    """

    id: str
    stream_id: str
    run_id: str
    revision: int
    state: str
    start_ms: int
    end_ms: int
    peak_ms: int
    types: list[str]
    score: float
    confidence: float
    title: str
    reason: str
    dimensions: list[DimensionResponse]
    contributions: list[ContributionResponse]
    missing_modalities: list[str]
    clip_state: str
    clip_url: str | None
    thumbnail_url: str | None
    failure: FailureResponse | None
    description: str
    tags: list[str]
    verdict: Literal["accepted", "rejected"] | None
    trim: TrimResponse | None = None
    created_at: datetime


class HighlightsResponse(BaseModel):
    """A page of highlights. Pass `next_cursor` as `cursor` for the next page."""

    highlights: list[HighlightResponse]
    next_cursor: str | None


def render(highlight: dict[str, Any]) -> HighlightResponse:
    """A highlight of highlight-store as JSON."""
    path = f"/v1/highlights/{highlight['id']}"
    ready = highlight["clip_state"] == "ready"
    return HighlightResponse(
        **highlight,
        clip_url=f"{path}/clip" if ready else None,
        thumbnail_url=f"{path}/thumbnail" if highlight["has_thumbnail"] else None,
    )
