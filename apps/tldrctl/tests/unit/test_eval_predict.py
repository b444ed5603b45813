"""A live prediction knows no more than it may."""

from itertools import pairwise

import numpy as np
import pytest

from tldr_fusion_detector.domain.baseline import Mode
from tldr_fusion_detector.domain.timeline import Timeline
from tldrctl.evaluation.page import Picture, Table, page
from tldrctl.evaluation.predict import LOOK_AHEAD_S, Variant, predict

LENGTH_S = 420
MOMENTS = (120, 220, 330)
LIVE = Variant(mode=Mode.LIVE)


def chat(seed: int, until_s: int = LENGTH_S) -> Timeline:
    """A chat with bursts of hype; from `until_s` on it is another one."""
    rng, other = np.random.default_rng(seed), np.random.default_rng(seed + 1)
    rate = rng.poisson(3, LENGTH_S).astype(np.float64)
    hype = rng.uniform(0, 0.1, LENGTH_S)
    for at in MOMENTS:
        rate[at + 16 : at + 28] += 12
        hype[at + 16 : at + 28] = 0.8
    rate[until_s:] = other.poisson(20, LENGTH_S - until_s)
    hype[until_s:] = other.uniform(0, 1, LENGTH_S - until_s)
    return Timeline(LENGTH_S, {"chat.rate": rate, "chat.voices": rate, "chat.hype": hype})


@pytest.mark.parametrize("known_s", [150, 201, 260, 344])
def test_nothing_said_more_than_half_a_minute_later_changes_what_was_predicted(known_s: int) -> None:
    whole, other = predict(chat(1), LENGTH_S, LIVE), predict(chat(1, known_s), LENGTH_S, LIVE)
    sure = known_s - LOOK_AHEAD_S + 1
    np.testing.assert_array_equal(whole.scores[:sure], other.scores[:sure])
    assert [s for s in whole.segments if s.last_s < sure] == [s for s in other.segments if s.last_s < sure]
    assert (whole.scores != other.scores).any()


@pytest.mark.parametrize("mode", list(Mode))
def test_moments_are_found_in_either_mode_and_do_not_overlap(mode: Mode) -> None:
    found = predict(chat(2), LENGTH_S, Variant(mode=mode)).segments
    assert len([at for at in MOMENTS if any(s.first_s <= at + 6 <= s.last_s for s in found)]) >= 2
    assert all(earlier.last_s < later.first_s for earlier, later in pairwise(found))


def test_a_lag_that_is_given_moves_what_chat_says() -> None:
    early, late = (predict(chat(3), LENGTH_S, Variant(lag_s=lag)).scores for lag in (10.0, 22.0))
    assert int(early.argmax()) - int(late.argmax()) == 12


def test_a_page_escapes_everything() -> None:
    hostile = '<script>"&'
    written = page(hostile, [hostile, Table((hostile,), ((hostile,),)), Picture(hostile, b"", hostile)])
    assert "<script>" not in written
    assert written.count("&lt;script&gt;") == 7
