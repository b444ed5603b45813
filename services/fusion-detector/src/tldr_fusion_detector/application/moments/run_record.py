"""A run: one detection over a stream's signals, with the versions of all that it uses."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from tldr_contracts.ids import RunId, StreamId
from tldr_fusion_detector.application.scoring.scorer_record import PinnedScorer
from tldr_fusion_detector.application.stream_record import StreamRecord
from tldr_fusion_detector.domain.learning.feedback import Recalibration
from tldr_fusion_detector.domain.profile.calibration import DEFAULT_CALIBRATION
from tldr_fusion_detector.domain.signals.baseline import Mode
from tldr_fusion_detector.domain.signals.reaction_lag import Lag
from tldr_streams.values import Failure


class RunState(StrEnum):
    OPEN = "open"
    COMPLETED = "completed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class RunRecord:
    """`watermark_ms`: what it has seen. `lag` is pinned when the run completes: its figures follow from it.

    A `rescore` is a run over a finished stream. `recalibration` is the one in force and `scorer` the one active when the
    run was made, `vocabulary` what the stream's channel had taught before the run's first advance.
    """

    id: RunId
    stream: StreamId
    attempt: int
    mode: Mode
    profile: Mapping[str, Any]
    calibration_version: int = DEFAULT_CALIBRATION.version
    state: RunState = RunState.OPEN
    watermark_ms: int = 0
    duration_ms: int = 0
    lag: Lag | None = None
    failure: Failure | None = None
    rescore: bool = False
    recalibration: Recalibration | None = None
    vocabulary: Mapping[str, Any] | None = None
    scorer: PinnedScorer | None = None

    @property
    def dimension_set(self) -> str:
        """The name of the dimension set it detects by."""
        return str(self.profile.get("dimension_set", ""))

    @property
    def scored_by(self) -> str:
        """What verdicts on its highlights are about: the scorer's id, or else the dimension set. Each has a scale of its own."""
        return self.scorer.id if self.scorer else self.dimension_set

    def recalibrated(self, in_force: Mapping[str, Recalibration]) -> "RunRecord":
        """The same with what was learned of what it is scored by."""
        return replace(self, recalibration=in_force.get(self.scored_by))

    def made_with(self) -> dict[str, Any]:
        """What its highlights were made with besides the signals, as plain data."""
        return {
            "profile": self.profile,
            "mode": self.mode,
            "calibration": self.calibration_version,
            "duration_ms": self.duration_ms,
            "lag": asdict(self.lag) if self.lag else None,
            "recalibration": asdict(self.recalibration) if self.recalibration else None,
            "vocabulary": self.vocabulary,
            "scorer": asdict(self.scorer) if self.scorer else None,
        }

    def rescored(self, run: RunId, profile: Mapping[str, Any]) -> "RunRecord":
        """A run over the same signals under another profile. What this one learned of the stream stays pinned."""
        return replace(
            self,
            id=run,
            mode=Mode.RECORDED,
            profile=profile,
            calibration_version=DEFAULT_CALIBRATION.version,
            state=RunState.OPEN,
            watermark_ms=0,
            failure=None,
            rescore=True,
        )

    def awaited(self, stream: StreamRecord) -> bool:
        """Whether the stream, as it is now, still waits for what comes of this run."""
        if self.state is not RunState.OPEN:
            return False
        return not stream.dropped if self.rescore else stream.workable and stream.run == self.id
