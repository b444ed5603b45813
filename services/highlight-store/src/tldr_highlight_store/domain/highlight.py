"""A highlight as it was detected, and what is kept of it."""

from dataclasses import dataclass
from enum import StrEnum

from tldr_contracts.ids import HighlightId, RunId, StreamId


class Standing(StrEnum):
    """How sure a highlight is to stay."""

    PROVISIONAL = "provisional"
    FINAL = "final"
    RETRACTED = "retracted"


class ClipState(StrEnum):
    """What became of a highlight's clip."""

    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class DimensionScore:
    """A dimension's score at the peak, in [0, 1], and its weight in the total."""

    dimension: str
    score: float
    weight: float


@dataclass(frozen=True, slots=True)
class Contribution:
    """What a signal gave to the score: raw value, robust z-score, part of the score."""

    signal: str
    dimension: str
    value: float
    normalised: float
    amount: float


@dataclass(frozen=True, slots=True)
class Stored:
    """An object in the organization's bucket."""

    bucket: str
    key: str
    size_bytes: int
    sha256: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class Failure:
    """Why something did not come to be: a word for programs, a sentence for people."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Highlight:
    """A moment that matters; times in milliseconds of stream time, `end_ms` exclusive."""

    id: HighlightId
    stream: StreamId
    run: RunId
    revision: int
    standing: Standing
    start_ms: int
    end_ms: int
    peak_ms: int
    types: tuple[str, ...]
    score: float
    confidence: float
    title: str
    reason: str
    dimensions: tuple[DimensionScore, ...] = ()
    contributions: tuple[Contribution, ...] = ()
    missing: tuple[str, ...] = ()
    cut: ClipState = ClipState.WAITING
    clip: Stored | None = None
    thumbnail: Stored | None = None
    failure: Failure | None = None
    rescore: bool = False

    @property
    def worth_cutting(self) -> bool:
        """Only what will not change any more is cut: a clip is made once."""
        return self.standing is Standing.FINAL and self.cut is ClipState.WAITING
