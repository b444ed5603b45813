"""What a customer said of a highlight."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tldr_contracts.ids import HighlightId, StreamId


class Opinion(StrEnum):
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Verdict:
    """An opinion with where the moment should have begun and ended, if that was said, and figures for learning.

    `published`: the confidence the customer saw; `confidence`: the one before any recalibration. `decided_at` is given when
    it is kept.
    """

    highlight: HighlightId
    stream: StreamId
    opinion: Opinion
    start_ms: int | None
    end_ms: int | None
    score: float
    published: float
    confidence: float
    dimension_set: str
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """How many highlights found under a dimension set were accepted and rejected."""

    dimension_set: str
    accepted: int
    rejected: int
