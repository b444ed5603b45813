"""What is kept of an organization's trained scorers, and what they are learned from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from tldr_contracts.ids import ScorerId, StreamId
from tldr_fusion_detector.domain.profile.calibration import DEFAULT_CALIBRATION
from tldr_fusion_detector.domain.scoring.scorer.scorer import Provenance
from tldr_streams.values import Failure

MOST_SCORERS = 20
MOST_STREAMS = 200
MOST_MOMENTS = 10_000
MOST_SECONDS = 500 * 3600


class ScorerState(StrEnum):
    TRAINING = "training"
    READY = "ready"
    REFUSED = "refused"
    FAILED = "failed"


class LeftOut(StrEnum):
    """Why a stream that was asked for is not learned from."""

    TOO_MUCH = "too_much"
    NO_SIGNALS = "no_signals"
    NOT_COMPLETED = "not_completed"


@dataclass(frozen=True, slots=True)
class TrainingProgress:
    """What is done now in plain words, and the share of all that is done, 0..1."""

    step: str
    share: float


WAITING: Final = TrainingProgress("waiting", 0.0)


@dataclass(frozen=True, slots=True)
class PinnedScorer:
    """A scorer as a run was made with it; `digest` is the SHA-256 of its document."""

    id: ScorerId
    digest: str


@dataclass(frozen=True, slots=True)
class ScorerRecord:
    """`version` counts those of the same name. `active`: new runs are made with it. `failure` says why it is not ready.

    `progress`: of one in training. `left_out`: how many of the streams asked for are not learned from, by reason; None
    where that is not known.
    """

    id: ScorerId
    name: str
    version: int
    state: ScorerState
    created_at: datetime
    active: bool = False
    failure: Failure | None = None
    provenance: Provenance | None = None
    progress: TrainingProgress | None = None
    left_out: Mapping[LeftOut, int] | None = None

    @property
    def outdated(self) -> bool:
        """Whether signals were read by another calibration when it was trained: its thresholds mean something else now."""
        trained_under = self.provenance.libraries.get("calibration") if self.provenance else None
        return trained_under != str(DEFAULT_CALIBRATION.version)


@dataclass(frozen=True, slots=True)
class Moment:
    """A range of a stream that people kept."""

    stream: StreamId
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Labels:
    """Streams with all that people kept of them; what is in no moment was not kept."""

    streams: tuple[StreamId, ...]
    moments: tuple[Moment, ...]
