"""What a highlight is for a customer: dimensions, types and the rules that make highlights of scores."""

import math
from dataclasses import dataclass
from enum import StrEnum

MAX_DIMENSIONS = 20


class InvalidProfile(ValueError):
    """The profile cannot be detected by; the message says which part is wrong."""


class ScoringMode(StrEnum):
    RULE = "rule"
    MODEL = "model"
    HYBRID = "hybrid"


class FusionMode(StrEnum):
    WEIGHTED = "weighted"
    CONSENSUS = "consensus"
    CASCADE = "cascade"
    MAX_CONFIDENCE = "max_confidence"


@dataclass(frozen=True, slots=True)
class SignalWeight:
    """A signal's part in a dimension; negative where less of it means more."""

    signal: str
    weight: float


@dataclass(frozen=True, slots=True)
class Dimension:
    """One thing that makes a moment worth keeping; `weight` is its share of the total."""

    name: str
    description: str
    weight: float
    mode: ScoringMode
    signals: tuple[SignalWeight, ...]
    prompt: str = ""


@dataclass(frozen=True, slots=True)
class Criterion:
    dimension: str
    at_least: float


@dataclass(frozen=True, slots=True)
class HighlightType:
    """A type a highlight can have: all that it asks for must hold; one that asks for nothing is the type of last resort.

    `any_of`: one of these must hold, where there are any. `required`: dimensions that must have been measured at the peak.
    `min_total`: the least score of the highlight, in [0, 1]. Durations and `cooldown_ms`, which counts from peak to peak, are 0
    where there is no limit.
    """

    name: str
    title: str
    criteria: tuple[Criterion, ...] = ()
    priority: int = 0
    exclusive: bool = False
    any_of: tuple[Criterion, ...] = ()
    required: tuple[str, ...] = ()
    min_total: float = 0.0
    min_duration_ms: int = 0
    max_duration_ms: int = 0
    cooldown_ms: int = 0

    @property
    def asks(self) -> bool:
        """Whether it asks for anything of a moment itself."""
        limits = (self.min_total, self.min_duration_ms, self.max_duration_ms)
        return any((self.criteria, self.any_of, self.required, *limits))

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Those it asks about."""
        return (*(criterion.dimension for criterion in (*self.criteria, *self.any_of)), *self.required)


@dataclass(frozen=True, slots=True)
class Processing:
    """How scores become highlights; of `max_per_hour` and `max_highlights` 0 means no limit.

    `merge_gap_ms`: highlights with no more between them become one, where both together are not too long; 0: none do.
    """

    fusion: FusionMode = FusionMode.WEIGHTED
    min_length_ms: int = 6_000
    max_length_ms: int = 45_000
    min_spacing_ms: int = 2_000
    max_per_hour: float = 0.0
    min_score: float = 0.3
    chat_lag_ms: int | None = None
    thorough: bool = False
    merge_gap_ms: int = 0
    max_highlights: int = 0

    @property
    def longest_s(self) -> int:
        """The most whole seconds of a highlight."""
        return max(self.max_length_ms // 1000, 1)

    @property
    def shortest_s(self) -> int:
        """The least whole seconds of a highlight; those of the longest where no whole number lies between both."""
        return min(-(-self.min_length_ms // 1000), self.longest_s)


@dataclass(frozen=True, slots=True)
class Profile:
    """A snapshot of a dimension set with types and processing.

    Raises InvalidProfile for no dimensions or more than 20, names given twice, weights that are not finite and
    positive in sum, a rule without signals, criteria on unknown dimensions, and impossible lengths.
    """

    dimension_set: str
    version: int
    dimensions: tuple[Dimension, ...]
    types: tuple[HighlightType, ...]
    processing: Processing

    def __post_init__(self) -> None:
        _require(0 < len(self.dimensions) <= MAX_DIMENSIONS, f"a profile has 1 to {MAX_DIMENSIONS} dimensions")
        names = [dimension.name for dimension in self.dimensions]
        _require(len(set(names)) == len(names), "a dimension is named twice")
        for dimension in self.dimensions:
            _check_dimension(dimension)
        _require(math.fsum(d.weight for d in self.dimensions) > 0, "all dimensions weigh nothing")
        for kind in self.types:
            for asked in kind.dimensions:
                _require(asked in names, f"type {kind.name} asks for no dimension of this profile")
            _require(0 <= kind.min_total <= 1, f"type {kind.name} asks for a total that does not lie in [0, 1]")
            durations = (kind.min_duration_ms, kind.max_duration_ms, kind.cooldown_ms)
            _require(min(durations) >= 0, f"type {kind.name} has a duration below 0")
        _check_processing(self.processing)

    @property
    def signals(self) -> tuple[str, ...]:
        """Every signal asked for, in order of name."""
        return tuple(sorted({part.signal for dimension in self.dimensions for part in dimension.signals}))


def _check_dimension(dimension: Dimension) -> None:
    finite = math.isfinite(dimension.weight) and all(math.isfinite(part.weight) for part in dimension.signals)
    _require(finite and dimension.weight >= 0, f"dimension {dimension.name} has a weight that cannot be used")
    signals = [part.signal for part in dimension.signals]
    _require(len(set(signals)) == len(signals), f"dimension {dimension.name} names a signal twice")
    weighs = any(part.weight for part in dimension.signals)
    _require(weighs or dimension.mode is ScoringMode.MODEL, f"dimension {dimension.name} has no signal that counts")


def _check_processing(processing: Processing) -> None:
    _require(1_000 <= processing.min_length_ms <= processing.max_length_ms, "lengths must be 1 s <= least <= most")
    _require(processing.max_length_ms <= 600_000, "a highlight lasts ten minutes at most")
    _require(0 <= processing.min_spacing_ms <= 600_000, "spacing must lie between 0 and ten minutes")
    _require(0 <= processing.merge_gap_ms <= 600_000, "the gap to merge must lie between 0 and ten minutes")
    _require(processing.max_highlights >= 0, "the number of highlights is negative")
    _require(0 <= processing.min_score <= 1, "the least score must lie in [0, 1]")
    _require(math.isfinite(processing.max_per_hour) and processing.max_per_hour >= 0, "the hourly limit is negative")


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise InvalidProfile(message)
