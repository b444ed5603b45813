"""A run: one detection over a stream's signals, with the versions of all that it uses."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tldr_contracts.ids import RunId, StreamId
from tldr_fusion_detector.application.stream_record import Failure
from tldr_fusion_detector.domain.baseline import Mode
from tldr_fusion_detector.domain.calibration import DEFAULT_CALIBRATION
from tldr_fusion_detector.domain.reaction_lag import Lag


class RunStanding(StrEnum):
    OPEN = "open"
    COMPLETED = "completed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class RunRecord:
    """`watermark_ms`: what it has seen. `lag` is pinned when the run completes: its figures follow from it."""

    id: RunId
    stream: StreamId
    attempt: int
    mode: Mode
    profile: Mapping[str, Any]
    calibration_version: int = DEFAULT_CALIBRATION.version
    standing: RunStanding = RunStanding.OPEN
    watermark_ms: int = 0
    duration_ms: int = 0
    lag: Lag | None = None
    failure: Failure | None = None
