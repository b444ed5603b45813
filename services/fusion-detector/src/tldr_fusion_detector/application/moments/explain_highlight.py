"""Why a highlight has its score, recomputed from what is stored, and whether that is what the run saw."""

import math
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from tldr_contracts.ids import HighlightId
from tldr_fusion_detector.application.errors import CalibrationGone, HighlightNotFound
from tldr_fusion_detector.application.moments.found_highlight import FoundHighlight, FoundState
from tldr_fusion_detector.application.moments.run_record import RunRecord, RunState
from tldr_fusion_detector.application.moments.work import Work
from tldr_fusion_detector.application.ports import Explainer
from tldr_fusion_detector.application.signals.view_stream import LONGEST_S, view_stream
from tldr_fusion_detector.domain.moments.evidence import EVIDENCE, MISSING, SCORER, Evidence, Tampering, of_timeline
from tldr_fusion_detector.domain.profile.calibration import DEFAULT_CALIBRATION
from tldr_fusion_detector.domain.profile.profile import InvalidProfile
from tldr_fusion_detector.domain.profile.profile_document import read_profile
from tldr_fusion_detector.domain.scoring.ledger import Explanation
from tldr_fusion_detector.domain.scoring.scorer.scorer import Scorer
from tldr_fusion_detector.domain.signals.timeline import Timeline
from tldr_fusion_detector.domain.signals.vocabulary import InvalidVocabulary


@dataclass(frozen=True, slots=True)
class ExplainedHighlight:
    """A highlight with its score recomputed. `tampered` names all that is not as it was when the run completed.

    `holds`: the score is the recorded one and nothing it was made from has changed; None while the run has not
    completed, because its signals may still change.
    """

    found: FoundHighlight
    run: RunRecord
    explanation: Explanation
    tampered: tuple[Tampering, ...]
    holds: bool | None


@dataclass(frozen=True, slots=True)
class ExplainHighlight:
    """Read, then recompute with no transaction open."""

    open: Callable[[str], AbstractAsyncContextManager[Work]]
    explainer: Explainer

    async def __call__(self, organization: str, highlight: HighlightId) -> ExplainedHighlight:
        """HighlightNotFound, also of one that was retracted; CalibrationGone where detection has changed since."""
        async with self.open(organization) as work:
            known = await work.found.find(highlight)
            run = await work.runs.get(known[0]) if known else None
            if known is None or run is None or known[1].state is FoundState.RETRACTED:
                raise HighlightNotFound
            if run.calibration_version != DEFAULT_CALIBRATION.version:
                raise CalibrationGone(run.calibration_version, DEFAULT_CALIBRATION.version)
            view = await view_stream(work, run.stream)
            front = await work.live.progress(run.id)
            length_s = max(_length_s(run), front.front_ms // 1000)
            timeline = await work.signals.timeline(run.stream, length_s, view.masks)
            evidence, scorer = await work.evidence.of(run.id), await work.scorers.read(run.scorer)
        return await self._explained(run, known[1], timeline, evidence, scorer)

    async def _explained(
        self,
        run: RunRecord,
        found: FoundHighlight,
        timeline: Timeline,
        evidence: Evidence | None,
        scorer: Scorer | None,
    ) -> ExplainedHighlight:
        try:
            explanation = await self.explainer(timeline, read_profile(run.profile), run, found.highlight, scorer)
        except (InvalidProfile, InvalidVocabulary):  # they could be read when the run was made
            explanation = Explanation(0.0, (), math.inf)
        if run.state is not RunState.COMPLETED:
            return ExplainedHighlight(found, run, explanation, (), None)
        if evidence is None:
            return ExplainedHighlight(found, run, explanation, (Tampering(EVIDENCE, MISSING),), False)
        tampered = evidence.against(of_timeline(timeline, run.made_with()), found.id, found.highlight)
        if run.scorer is not None and scorer is None:
            tampered = (*tampered, Tampering(SCORER, MISSING))
        matters = (one.matters(read_profile(run.profile), run.mode, scorer) for one in tampered)
        holds = explanation.holds and not any(matters)
        return ExplainedHighlight(found, run, explanation, tampered, holds)


def _length_s(run: RunRecord) -> int:
    """Of the timeline that the run saw: whole seconds up to its watermark, at the end the begun one too."""
    until_ms = run.duration_ms + 999 if run.state is RunState.COMPLETED else run.watermark_ms
    return min(until_ms // 1000, LONGEST_S)
