"""The golden messages of `tldr.detections.v1` are what this service makes of values of its domain."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tldr_contracts.ids import HighlightId, RunId, StreamId
from tldr_fusion_detector.adapters.moments.announcements_outbox import OutboxAnnouncements
from tldr_fusion_detector.application.learning.verdict import Opinion
from tldr_fusion_detector.application.moments.found_highlight import FoundHighlight, FoundState
from tldr_fusion_detector.application.moments.run_record import RunRecord, RunState
from tldr_fusion_detector.application.signals.reported_gap import ReportedGap
from tldr_fusion_detector.domain.moments.detection import Highlight
from tldr_fusion_detector.domain.scoring.ledger import Contribution, DimensionScore
from tldr_fusion_detector.domain.signals.baseline import Mode
from tldr_fusion_detector.domain.signals.signals import Modality
from tldr_streams.values import Failure
from tldr_testing import KeepingOutbox

STREAM = StreamId("str_0199c2c8f5a97c1e8d2f6b7a3e4d5c6b")
RUN = RunRecord(
    RunId("run_0199c2c8f9b07d3a9b1c2d3e4f506172"),
    STREAM,
    attempt=1,
    mode=Mode.RECORDED,
    profile={},
    state=RunState.COMPLETED,
    duration_ms=180_000,
    failure=Failure("source_not_found", "The address answers 404. Check it and submit the stream again."),
)
RESCORE = RunId("run_0199c2d4a0b17e4c8d5e6f708192a3b4")
HIGHLIGHT = Highlight(
    start_ms=40_000,
    end_ms=52_500,
    peak_ms=45_500,
    types=("epic_moment", "crowd_goes_wild"),
    score=0.75,
    confidence=0.875,
    title="Action picks up, crowd roars",
    reason="Action four times as fast, crowd 12 dB above normal.",
    dimensions=(DimensionScore("action", 0.75, 0.625), DimensionScore("crowd", 0.75, 0.375)),
    contributions=(
        Contribution("video.motion", "action", 16.5, 4.0, 5.25, 0.5),
        Contribution("audio.crowd", "crowd", -36.5, -48.5, 4.5, 0.25),
    ),
    missing=(Modality.CHAT,),
)
FIRST = FoundHighlight(HighlightId("hl_0199c2ca11227a4b8c5d6e7f80910213"), 2, FoundState.FINAL, HIGHLIGHT)
SECOND = FoundHighlight(HighlightId("hl_0199c2ca11227a4b8c5d6e7f80910224"), 3, FoundState.RETRACTED, HIGHLIGHT)
GAP = ReportedGap(Modality.CHAT, 60_000, 70_000, "window_unreadable", "The chat of this range could not be read.")


@pytest.mark.parametrize("fact", ["detected", "retracted", "completed", "failed", "rescore_completed", "judged"])
async def test_the_golden_message_is_produced(fact: str, sample: Callable[[str, str], Any]) -> None:
    shelf = KeepingOutbox()
    tell = OutboxAnnouncements(shelf, None, "org_1", 37)  # type: ignore[arg-type]
    match fact:
        case "detected":
            await tell.revised(RUN, [FIRST])
        case "retracted":
            await tell.revised(RUN, [SECOND])
        case "completed":
            await tell.completed(RUN, [FIRST, SECOND], [GAP])
        case "failed":
            await tell.failed(RUN)
        case "rescore_completed":
            await tell.completed(replace(RUN, id=RESCORE, rescore=True), [FIRST, SECOND], [GAP])
        case "judged":
            await tell.judged(STREAM, FIRST.id, Opinion.ACCEPTED, lane=37)
    (publication,) = shelf.publications
    assert publication.message == sample("tldr.detections.v1", fact)
    assert (publication.organization, publication.subject, publication.lane) == ("org_1", STREAM, 37)
