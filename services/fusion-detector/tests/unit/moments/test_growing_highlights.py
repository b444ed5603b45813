"""A moment that is still going on is told of again as it grows, not at every look."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tldr_contracts.ids import HighlightId
from tldr_fusion_detector.application.moments.found_highlight import FoundHighlight, FoundState, revise_live
from tldr_fusion_detector.domain.moments.boundaries import Interval
from tldr_fusion_detector.domain.moments.detection import detect
from tldr_fusion_detector.domain.moments.lifecycle import Classified, State
from tldr_fusion_detector.domain.profile.profile import Profile
from tldr_fusion_detector.domain.signals.timeline import Timeline

Broadcast = Callable[..., tuple[Timeline, list[Interval]]]


@pytest.mark.parametrize(
    ("end_ms", "state", "told"),
    [
        (122_000, State.PROVISIONAL, 0),
        (126_000, State.PROVISIONAL, 1),
        (117_000, State.PROVISIONAL, 0),
        (122_000, State.FINAL, 1),
    ],
)
def test_an_end_that_moves_a_little_is_not_worth_an_event(
    broadcast: Broadcast, gaming: Profile, end_ms: int, state: State, told: int
) -> None:
    found = replace(detect(broadcast(1)[0], gaming).highlights[0], start_ms=100_000, end_ms=120_000, peak_ms=110_500)
    known = FoundHighlight(HighlightId("hl_1"), 1, FoundState.PROVISIONAL, found)
    changes = revise_live(
        [known], [Classified(replace(found, end_ms=end_ms), state)], lambda: HighlightId("hl_2"), lambda _: None
    )
    assert [(change.id, change.revision, change.highlight.end_ms) for change in changes] == [("hl_1", 2, end_ms)] * told


def test_a_start_that_moves_is_told_of(broadcast: Broadcast, gaming: Profile) -> None:
    found = replace(detect(broadcast(1)[0], gaming).highlights[0], start_ms=100_000, end_ms=120_000, peak_ms=110_500)
    known = FoundHighlight(HighlightId("hl_1"), 1, FoundState.PROVISIONAL, found)
    moved = Classified(replace(found, start_ms=102_000), State.PROVISIONAL)
    assert len(revise_live([known], [moved], lambda: HighlightId("hl_2"), lambda _: None)) == 1
