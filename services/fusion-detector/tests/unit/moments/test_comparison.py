"""Two detections of one stream, moment by moment."""

from dataclasses import replace

from tldr_fusion_detector.domain.moments.comparison import SAME_SCORE, Comparison, compare
from tldr_fusion_detector.domain.moments.detection import Highlight


def moment(start_s: int, score: float = 0.5) -> Highlight:
    start_ms = 1000 * start_s
    return Highlight(
        start_ms, start_ms + 10_000, start_ms + 5_000, ("crowd",), score, 0.5, "Crowd roars", "", (), (), ()
    )


KNOWN = {"hl_2": moment(100), "hl_1": moment(20), "hl_3": moment(300)}


def test_what_is_found_again_is_the_same() -> None:
    found = [moment(20, 0.5 + SAME_SCORE / 2), moment(100), moment(300)]
    assert compare(KNOWN, found) == Comparison((), (), (), 3)
    assert compare({}, []) == Comparison((), (), (), 0)


def test_what_appears_vanishes_and_changes_is_told_in_order_of_time() -> None:
    moved, stronger = moment(102), moment(20, 0.75)
    found = [stronger, moved, moment(200), moment(400)]
    assert compare(KNOWN, found) == Comparison(
        appear=(moment(200), moment(400)),
        vanish=(("hl_3", KNOWN["hl_3"]),),
        change=(("hl_1", KNOWN["hl_1"], stronger), ("hl_2", KNOWN["hl_2"], moved)),
        same=0,
    )


def test_another_type_is_a_change() -> None:
    other = replace(moment(20), types=("fight",))
    assert compare({"hl_1": moment(20)}, [other]).change == (("hl_1", moment(20), other),)
