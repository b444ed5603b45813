"""Live detection in a thread: a step takes some milliseconds."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tldr_fusion_detector.domain.moments.live_detection import LiveDetection, detect_further
from tldr_fusion_detector.domain.moments.live_state import LiveState
from tldr_fusion_detector.domain.scoring.live_reading import ScoredBy
from tldr_fusion_detector.domain.scoring.scoring import learn
from tldr_fusion_detector.domain.signals.timeline import Timeline


@dataclass(frozen=True, slots=True)
class ThreadLiveDetector:
    """What it teaches is learned of the whole stream, once, at its end."""

    async def __call__(
        self, by: ScoredBy, state: LiveState, part: Timeline, until_s: int, *, ended: bool, whole: Timeline | None
    ) -> tuple[LiveDetection, Mapping[str, Any] | None]:
        """See `detect_further` and `learn`."""

        def step() -> tuple[LiveDetection, Mapping[str, Any] | None]:
            found = detect_further(by, state, part, until_s, ended=ended)
            if whole is None:
                return found, None
            learned = learn(whole, by.profile, by.calibration, found.lag, by.vocabulary)
            return found, learned.document() if learned else None

        return await asyncio.to_thread(step)
