"""What is written down of a run when it completes, so that later changes show."""

from collections.abc import Sequence

from tldr_fusion_detector.application.moments.found_highlight import FoundHighlight
from tldr_fusion_detector.application.moments.run_record import RunRecord
from tldr_fusion_detector.domain.moments.evidence import Evidence, of_figures, of_timeline
from tldr_fusion_detector.domain.signals.timeline import Timeline


def evidence_of(timeline: Timeline, run: RunRecord, kept: Sequence[FoundHighlight]) -> Evidence:
    """Fingerprints of what a completed run saw, was made with and found."""
    highlights: dict[str, str] = {found.id: of_figures(found.highlight) for found in kept}
    return Evidence(of_timeline(timeline, run.made_with()), highlights)
