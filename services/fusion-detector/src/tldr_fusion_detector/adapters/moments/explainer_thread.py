"""Explanations in a thread, as long as a detection."""

import asyncio
from dataclasses import dataclass

from tldr_fusion_detector.application.moments.run_record import RunRecord
from tldr_fusion_detector.domain.moments.detection import Highlight
from tldr_fusion_detector.domain.profile.profile import Profile
from tldr_fusion_detector.domain.scoring.ledger import Explanation, explain
from tldr_fusion_detector.domain.scoring.scorer.scorer import Scorer
from tldr_fusion_detector.domain.signals.baseline import Mode
from tldr_fusion_detector.domain.signals.timeline import Timeline
from tldr_fusion_detector.domain.signals.vocabulary import read_vocabulary


@dataclass(frozen=True, slots=True)
class ThreadExplainer:
    """Takes what the run pinned; on a live stream the lag moved on, so there it is found again from the signals."""

    async def __call__(
        self, timeline: Timeline, profile: Profile, run: RunRecord, highlight: Highlight, scorer: Scorer | None
    ) -> Explanation:
        """See `explain`."""
        return await asyncio.to_thread(
            explain,
            timeline,
            profile,
            at_s=highlight.peak_ms // 1000,
            score=highlight.score,
            contributions=highlight.contributions,
            mode=run.mode,
            lag=run.lag if run.mode is Mode.RECORDED else None,
            vocabulary=None if run.vocabulary is None else read_vocabulary(run.vocabulary),
            scorer=scorer,
        )
