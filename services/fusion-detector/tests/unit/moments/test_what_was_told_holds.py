"""What was told of a live stream is not taken back for a score that hovers about the least one."""

from collections.abc import Callable

import pytest

from tldr_contracts.ids import HighlightId
from tldr_fusion_detector.application.moments.found_highlight import FoundHighlight, FoundState, revise_live
from tldr_fusion_detector.domain.moments.detection import Highlight
from tldr_fusion_detector.domain.moments.lifecycle import Classified, State


def moment(start_s: int, end_s: int, score: float) -> Highlight:
    middle = 500 * (start_s + end_s)
    return Highlight(1000 * start_s, 1000 * end_s, middle, ("crowd",), score, 0.5, "Crowd roars", "", (), (), ())


TOLD = FoundHighlight(HighlightId("hl_1"), 1, FoundState.PROVISIONAL, moment(20, 32, 0.24))


def look(
    detected: list[Classified], best: Callable[[Highlight], float | None], told: FoundHighlight = TOLD
) -> list[tuple[str, FoundState]]:
    changes = revise_live([told], detected, lambda: HighlightId("hl_2"), best)
    return [(change.id, change.state) for change in changes]


@pytest.mark.parametrize(
    ("best", "changes"),
    [
        (0.17, []),
        (0.12, []),
        (0.11, [("hl_1", FoundState.RETRACTED)]),
        (None, [("hl_1", FoundState.RETRACTED)]),
    ],
    ids=["below the least score", "half is left", "less than half", "it has settled"],
)
def test_it_stays_while_half_of_its_score_is_left(best: float | None, changes: list[tuple[str, FoundState]]) -> None:
    assert look([], lambda _: best) == changes


def test_it_goes_when_another_took_its_place() -> None:
    # 12 s long each, 9 s apart: they overlap, but are not the same moment.
    other = Classified(moment(29, 41, 0.4), State.PROVISIONAL)
    assert look([other], lambda _: 0.2) == [("hl_1", FoundState.RETRACTED), ("hl_2", FoundState.PROVISIONAL)]


def test_found_again_it_goes_on_as_the_same() -> None:
    again = Classified(moment(20, 34, 0.3), State.FINAL)
    assert look([again], lambda _: 0.2) == [("hl_1", FoundState.FINAL)]


def test_one_that_is_final_stays_whatever_its_score_is_now() -> None:
    final = FoundHighlight(HighlightId("hl_1"), 2, FoundState.FINAL, moment(20, 32, 0.24))
    assert look([], lambda _: None, final) == []
