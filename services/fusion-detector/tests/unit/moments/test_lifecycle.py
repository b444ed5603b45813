from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from tldr_fusion_detector.domain.moments.boundaries import Interval
from tldr_fusion_detector.domain.moments.detection import Highlight, detect
from tldr_fusion_detector.domain.moments.lifecycle import State, classify, match_moments, same_moment
from tldr_fusion_detector.domain.profile.profile import Profile, ScoringMode
from tldr_fusion_detector.domain.signals.baseline import Mode
from tldr_fusion_detector.domain.signals.timeline import Timeline

Broadcast = Callable[..., tuple[Timeline, list[Interval]]]


def _final(timeline: Timeline, profile: Profile, *, ended: bool = False) -> list[Highlight]:
    detection = detect(timeline, profile, mode=Mode.LIVE)
    classified = classify(detection, timeline.length_s * 1000, Mode.LIVE, ended=ended)
    return [c.highlight for c in classified if c.state is State.FINAL]


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("lag_s", [5, 22])
def test_what_is_final_on_a_live_stream_never_changes(
    broadcast: Broadcast, gaming: Profile, seed: int, lag_s: int
) -> None:
    timeline, _ = broadcast(seed, length_s=1200, moments=22, lag_s=lag_s)
    limited = replace(gaming, processing=replace(gaming.processing, max_per_hour=15))
    for profile in (gaming, limited):
        promised: list[Highlight] = []
        for watermark_s in range(200, 1201, 23):
            final = _final(timeline.until(watermark_s), profile)
            assert final[: len(promised)] == promised
            promised = final
        assert len(promised) >= 10
        assert _final(timeline, profile, ended=True)[: len(promised)] == promised


def test_a_highlight_cut_short_is_final_when_all_that_was_read_of_it_has_settled(gaming: Profile) -> None:
    (action,) = (dimension for dimension in gaming.dimensions if dimension.name == "action")
    profile = replace(gaming, dimensions=(replace(action, mode=ScoringMode.MODEL),), types=())
    scores = np.full(700, 0.05)
    scores[405:460], scores[460], scores[461:515], scores[515:525] = 0.72, 0.8, 0.48, 0.76  # longer than is allowed
    timeline = Timeline(700, {"model.action": scores})
    promised: list[Highlight] = []
    for known_s in range(470, 560, 5):
        final = _final(timeline.until(known_s), profile)
        assert final[: len(promised)] == promised
        promised = final
    assert (promised[-1].start_ms, promised[-1].end_ms) == (460_000, 520_000)


def test_nothing_is_final_during_warm_up_and_a_recording_is_final_at_its_end(
    broadcast: Broadcast, gaming: Profile
) -> None:
    timeline, _ = broadcast(1)
    assert _final(timeline.until(170), gaming) == []
    assert detect(timeline.until(170), gaming, mode=Mode.LIVE).highlights
    recorded = detect(timeline, gaming)
    assert {c.state for c in classify(recorded, 180_000, Mode.RECORDED, ended=False)} == {State.PROVISIONAL}
    assert {c.state for c in classify(recorded, 180_000, Mode.RECORDED, ended=True)} == {State.FINAL}


def test_a_live_highlight_is_final_within_a_minute(broadcast: Broadcast, gaming: Profile) -> None:
    assert detect(broadcast(1)[0], gaming, mode=Mode.LIVE).settle_ms < 45_000
    assert detect(broadcast(1, modalities=("video", "audio"))[0], gaming, mode=Mode.LIVE).settle_ms < 15_000


def _at(highlight: Highlight, start_s: int, end_s: int, peak_s: int) -> Highlight:
    return replace(highlight, start_ms=start_s * 1000, end_ms=end_s * 1000, peak_ms=peak_s * 1000)


def test_a_revision_is_the_same_moment_when_its_peak_or_most_of_it_stayed(
    broadcast: Broadcast, gaming: Profile
) -> None:
    one = detect(broadcast(1)[0], gaming).highlights[0]
    old = _at(one, 100, 120, 110)
    assert same_moment(old, _at(one, 105, 125, 118))
    assert same_moment(old, _at(one, 108, 113, 113))
    assert not same_moment(old, _at(one, 119, 140, 130))


def test_identities_follow_moments_one_to_one(broadcast: Broadcast, gaming: Profile) -> None:
    one = detect(broadcast(1)[0], gaming).highlights[0]
    known = {"first": _at(one, 100, 120, 110), "second": _at(one, 125, 140, 130), "gone": _at(one, 300, 310, 305)}
    found = [_at(one, 10, 20, 15), _at(one, 101, 121, 112), _at(one, 124, 141, 131), _at(one, 112, 118, 113)]
    assert match_moments(known, found) == {1: "first", 2: "second"}
