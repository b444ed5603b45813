"""A live prediction knows no more than it may."""

from itertools import pairwise

import numpy as np
import pytest

from tldr_fusion_detector.domain.moments.detection import Detection, Highlight
from tldr_fusion_detector.domain.profile.calibration import DEFAULT_CALIBRATION
from tldr_fusion_detector.domain.signals.baseline import Mode, warm_s
from tldr_fusion_detector.domain.signals.reaction_lag import Lag
from tldr_fusion_detector.domain.signals.timeline import Timeline
from tldrctl.evaluation.live import LOOK_AHEAD_S, as_it_came
from tldrctl.evaluation.page import Picture, Table, page
from tldrctl.evaluation.predict import Variant, predict

LENGTH_S = 420
MOMENTS = (120, 220, 330)
LIVE = Variant(mode=Mode.LIVE)
FINAL_S = 40  # a highlight of the gaming preset is final so long after its end


def chat(seed: int, until_s: int = LENGTH_S, most_hype: float = 0.1) -> Timeline:
    """A chat with bursts of hype; from `until_s` on it is another one."""
    rng, other = np.random.default_rng(seed), np.random.default_rng(seed + 1)
    rate = rng.poisson(3, LENGTH_S).astype(np.float64)
    hype = rng.uniform(0, most_hype, LENGTH_S)
    for at in MOMENTS:
        rate[at + 16 : at + 28] += 12
        hype[at + 16 : at + 28] = 0.8
    rate[until_s:] = other.poisson(20, LENGTH_S - until_s)
    hype[until_s:] = other.uniform(0, 1, LENGTH_S - until_s)
    return Timeline(LENGTH_S, {"chat.rate": rate, "chat.voices": rate, "chat.hype": hype})


@pytest.mark.parametrize("known_s", [150, 201, 260, 344])
def test_nothing_said_more_than_half_a_minute_later_changes_what_was_predicted(known_s: int) -> None:
    whole, other = predict(chat(1), LENGTH_S, LIVE), predict(chat(1, known_s), LENGTH_S, LIVE)
    sure = known_s - LOOK_AHEAD_S
    np.testing.assert_array_equal(whole.scores[:sure], other.scores[:sure])
    final = known_s - FINAL_S
    assert [s for s in whole.segments if s.last_s < final] == [s for s in other.segments if s.last_s < final]
    assert (whole.scores != other.scores).any()


@pytest.mark.parametrize("known_s", [302, 304, 306])
def test_nor_where_the_first_baseline_ends(known_s: int) -> None:
    whole, other = (predict(chat(6, until_s, most_hype=0.3), LENGTH_S, LIVE) for until_s in (LENGTH_S, known_s))
    sure = known_s - LOOK_AHEAD_S
    np.testing.assert_array_equal(whole.scores[:sure], other.scores[:sure])


@pytest.mark.parametrize("mode", list(Mode))
def test_moments_are_found_in_either_mode_and_do_not_overlap(mode: Mode) -> None:
    found = predict(chat(2), LENGTH_S, Variant(mode=mode)).segments
    assert len([at for at in MOMENTS if any(s.first_s <= at + 6 <= s.last_s for s in found)]) >= 2
    assert all(earlier.last_s < later.first_s for earlier, later in pairwise(found))


def seen(*intervals: tuple[int, int], settle_s: int = LOOK_AHEAD_S + 1) -> Detection:
    """A detection with highlights over these seconds, both inside, and scores that settle so late."""
    highlights = tuple(
        Highlight(1000 * first, 1000 * (last + 1), 1000 * first, (), 0.5, 0.7, "", "", (), (), ())
        for first, last in intervals
    )
    return Detection(highlights, np.zeros(LENGTH_S), Lag(16.0, 7.0, 0.0), settle_s, 0, (0,) * len(intervals))


def test_each_second_lies_in_a_highlight_as_it_was_seen_half_a_minute_later() -> None:
    looks = {41: seen((10, 29)), 46: seen((12, 22)), 51: seen((12, 21)), 56: seen((8, 40))}  # by what is known
    found = as_it_came(chat(1), 60, lambda known: looks.get(known.length_s, seen()), shortest_s=3)
    assert [segment.interval for segment in found.segments] == [(10, 21), (25, 29)]
    longer = as_it_came(chat(1), 60, lambda known: looks.get(known.length_s, seen()), shortest_s=6)
    assert [segment.interval for segment in longer.segments] == [(10, 21)]


def test_scores_that_settle_in_time_are_looked_at_once_behind_the_warm_up() -> None:
    known: list[int] = []

    def look(timeline: Timeline) -> Detection:
        known.append(timeline.length_s)
        return seen((300, 320), settle_s=LOOK_AHEAD_S) if timeline.length_s == LENGTH_S else seen((262, 275))

    found = as_it_came(chat(1), LENGTH_S, look, shortest_s=3)
    assert [segment.interval for segment in found.segments] == [(262, 275), (300, 320)]
    assert max(known[1:]) <= warm_s(DEFAULT_CALIBRATION)


def test_a_lag_that_is_given_moves_what_chat_says() -> None:
    early, late = (predict(chat(3), LENGTH_S, Variant(lag_s=lag)).scores for lag in (10.0, 22.0))
    assert int(early.argmax()) - int(late.argmax()) == 12


def test_a_page_escapes_everything() -> None:
    hostile = '<script>"&'
    written = page(hostile, [hostile, Table((hostile,), ((hostile,),)), Picture(hostile, b"", hostile)])
    assert "<script>" not in written
    assert written.count("&lt;script&gt;") == 7
