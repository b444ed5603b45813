"""Detection in a thread, so that the event loop goes on; numpy lets go of the interpreter in part of it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tldr_fusion_detector.domain.moments.detection import Detection, detect
from tldr_fusion_detector.domain.profile.profile import Profile
from tldr_fusion_detector.domain.scoring.scorer.scorer import Scorer
from tldr_fusion_detector.domain.signals.baseline import Mode
from tldr_fusion_detector.domain.signals.reaction_lag import Lag
from tldr_fusion_detector.domain.signals.timeline import Timeline
from tldr_fusion_detector.domain.signals.vocabulary import read_vocabulary


@dataclass(frozen=True, slots=True)
class ThreadDetector:
    """Takes tens of milliseconds for an hour of stream."""

    async def __call__(
        self,
        timeline: Timeline,
        profile: Profile,
        mode: Mode,
        *,
        lag: Lag | None = None,
        vocabulary: Mapping[str, Any] | None = None,
        teach: bool = False,
        scorer: Scorer | None = None,
    ) -> Detection:
        """See `detect`."""
        kept = None if vocabulary is None else read_vocabulary(vocabulary)
        return await asyncio.to_thread(
            detect, timeline, profile, mode=mode, lag=lag, vocabulary=kept, teach=teach, scorer=scorer
        )
