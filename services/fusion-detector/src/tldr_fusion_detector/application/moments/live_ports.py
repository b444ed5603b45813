"""What live runs need."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from tldr_contracts.ids import RunId
from tldr_fusion_detector.application.moments.run_record import RunRecord
from tldr_fusion_detector.domain.moments.live_detection import LiveDetection
from tldr_fusion_detector.domain.moments.live_state import LiveState
from tldr_fusion_detector.domain.scoring.live_reading import ScoredBy
from tldr_fusion_detector.domain.signals.signals import Floats
from tldr_fusion_detector.domain.signals.timeline import Timeline


@dataclass(frozen=True, slots=True)
class LiveProgress:
    """Of a live run: scores before `settled_ms` stand, provisional ones go up to `front_ms`."""

    settled_ms: int = 0
    front_ms: int = 0


class LiveRuns(Protocol):
    """What is kept of live runs between two looks."""

    async def close(self, run: RunRecord, until_s: int) -> None:
        """Seconds before `until_s` take in nothing any more; whoever adds telemetry waits until the transaction ends."""

    async def closed_s(self, run: RunId) -> int:
        """Up to where seconds are closed. Nobody closes more until the transaction ends."""

    async def state(self, run: RunId) -> LiveState:
        """What has settled; a new one where the run has not begun."""

    async def put(self, run: RunRecord, before: LiveState, found: LiveDetection, front_s: int) -> None:
        """Keep a step: its state, the scores that have settled with it, and those behind."""

    async def progress(self, run: RunId) -> LiveProgress:
        """How far the run is."""

    async def scores(self, run: RunId, from_s: int) -> tuple[int, Floats]:
        """From which second on the scores are kept that hold `from_s`, and these, the provisional ones too."""

    async def forget(self, run: RunId) -> None:
        """The run is over: what it was made from goes."""


class LiveDetecting(Protocol):
    """A step of live detection, somewhere it holds nobody up."""

    async def __call__(
        self, by: ScoredBy, state: LiveState, part: Timeline, until_s: int, *, ended: bool, whole: Timeline | None
    ) -> tuple[LiveDetection, Mapping[str, Any] | None]:
        """See `detect_further`; and what the stream has taught its channel, where `whole` is given."""
