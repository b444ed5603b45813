"""What is kept of an organization's trained scorers, and what they are learned from."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tldr_contracts.ids import ScorerId, StreamId
from tldr_fusion_detector.application.stream_record import Failure
from tldr_fusion_detector.domain.calibration import DEFAULT_CALIBRATION
from tldr_fusion_detector.domain.scorer import Provenance

MOST_SCORERS = 20
MOST_STREAMS = 200
MOST_MOMENTS = 10_000
MOST_SECONDS = 500 * 3600


class ScorerState(StrEnum):
    TRAINING = "training"
    READY = "ready"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class PinnedScorer:
    """A scorer as a run was made with it; `digest` is the SHA-256 of its document."""

    id: ScorerId
    digest: str


@dataclass(frozen=True, slots=True)
class ScorerRecord:
    """`version` counts those of the same name. `active`: new runs are made with it. `failure` says why it is not ready."""

    id: ScorerId
    name: str
    version: int
    state: ScorerState
    created_at: datetime
    active: bool = False
    failure: Failure | None = None
    provenance: Provenance | None = None

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
