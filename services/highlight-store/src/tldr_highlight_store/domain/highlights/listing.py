"""Lists of highlights: which ones, in which order, from where on."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tldr_contracts.ids import HighlightId, RunId, StreamId
from tldr_highlight_store.domain.highlights.highlight import ClipState, Highlight, HighlightState


class Sort(StrEnum):
    """By what a list is ordered; of equal ones, by id."""

    CREATED_AT = "created_at"
    CONFIDENCE = "confidence"
    SCORE = "score"
    START = "start_ms"


Value = datetime | float | int
"""What a list is ordered by, of one highlight."""


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a list: behind the highlight of this id, which has this value."""

    value: Value
    id: HighlightId


@dataclass(frozen=True, slots=True)
class Filter:
    """What a highlight must have to be listed; None and empty: anything. Without `run`, those of the runs that are shown.

    `types`: any of them. `tags`: all of them. `text`: each of its words, in whatever case, in the title or description.
    Minima and maxima are included, as `created_after` is; `created_before` is not. `judged`: whether there is a verdict;
    `verdict`: which one.
    """

    stream: StreamId | None = None
    run: RunId | None = None
    types: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    text: str | None = None
    state: HighlightState | None = None
    clip: ClipState | None = None
    judged: bool | None = None
    verdict: str | None = None
    min_confidence: float | None = None
    max_confidence: float | None = None
    min_duration_ms: int | None = None
    max_duration_ms: int | None = None
    created_after: datetime | None = None
    created_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Some of a list, and the place behind them where there are more."""

    highlights: tuple[Highlight, ...]
    next: Position | None


def place_of(highlight: Highlight, sort: Sort) -> Position:
    """Its place in a list of that order."""
    value: Value | None
    match sort:
        case Sort.CREATED_AT:
            value = highlight.created_at
        case Sort.START:
            value = highlight.start_ms
        case _:
            value = float(highlight.details.get(sort.value, 0.0))
    assert value is not None  # noqa: S101 - what is listed is kept, and has its time
    return Position(value, highlight.id)
