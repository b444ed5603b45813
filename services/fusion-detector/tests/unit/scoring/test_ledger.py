import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from tldr_fusion_detector.domain.moments.boundaries import Interval
from tldr_fusion_detector.domain.moments.detection import Highlight, detect
from tldr_fusion_detector.domain.profile.profile import FusionMode, Profile
from tldr_fusion_detector.domain.scoring.ledger import Explanation, explain, total
from tldr_fusion_detector.domain.signals.baseline import Mode
from tldr_fusion_detector.domain.signals.timeline import Timeline

Broadcast = Callable[..., tuple[Timeline, list[Interval]]]


def _explained(timeline: Timeline, profile: Profile, highlight: Highlight, mode: Mode) -> Explanation:
    at_s = highlight.peak_ms // 1000
    return explain(
        timeline, profile, at_s=at_s, score=highlight.score, contributions=highlight.contributions, mode=mode
    )


@pytest.mark.parametrize("fusion", FusionMode)
def test_contributions_sum_to_the_score_at_the_peak(broadcast: Broadcast, gaming: Profile, fusion: FusionMode) -> None:
    profile = replace(gaming, processing=replace(gaming.processing, fusion=fusion))
    for seed in range(4):
        detection = detect(broadcast(seed)[0], profile)
        assert detection.highlights
        for highlight in detection.highlights:
            assert math.fsum(c.amount for c in highlight.contributions) == highlight.score
            assert highlight.score == pytest.approx(detection.scores[highlight.peak_ms // 1000], abs=1e-12)


@pytest.mark.parametrize("mode", Mode)
def test_a_score_can_be_recomputed_from_the_signals(broadcast: Broadcast, gaming: Profile, mode: Mode) -> None:
    timeline, _ = broadcast(2, length_s=900, moments=12)
    for highlight in detect(timeline, gaming, mode=mode).highlights:
        explanation = _explained(timeline, gaming, highlight, mode)
        assert explanation.holds
        assert explanation.score == highlight.score


def test_a_final_score_is_recomputed_from_what_came_later_too(broadcast: Broadcast, gaming: Profile) -> None:
    timeline, _ = broadcast(2, length_s=1200, moments=14)
    early = detect(timeline.until(700), gaming, mode=Mode.LIVE).highlights[0]
    assert _explained(timeline, gaming, early, Mode.LIVE).holds


def test_a_tampered_second_shows(broadcast: Broadcast, gaming: Profile) -> None:
    timeline, _ = broadcast(3)
    highlight = detect(timeline, gaming).highlights[0]
    crowd = timeline.series["audio.crowd"].copy()
    crowd[highlight.peak_ms // 1000] += 0.001
    tampered = Timeline(timeline.length_s, {**timeline.series, "audio.crowd": crowd}, (), timeline.cuts_ms)
    assert not _explained(tampered, gaming, highlight, Mode.RECORDED).holds


def test_a_tampered_record_shows(broadcast: Broadcast, gaming: Profile) -> None:
    timeline, _ = broadcast(3)
    highlight = detect(timeline, gaming).highlights[0]
    assert not _explained(timeline, gaming, replace(highlight, score=highlight.score + 1e-6), Mode.RECORDED).holds
    moved = (replace(highlight.contributions[0], amount=0.0), *highlight.contributions[1:])
    assert not _explained(timeline, gaming, replace(highlight, contributions=moved), Mode.RECORDED).holds
    fewer = highlight.contributions[:-1]
    assert not _explained(timeline, gaming, replace(highlight, contributions=fewer), Mode.RECORDED).holds


def test_a_moment_outside_the_stream_does_not_hold(gaming: Profile) -> None:
    timeline = Timeline(5, {"chat.rate": np.ones(5)})
    explanation = explain(timeline, gaming, at_s=9, score=0.0, contributions=(), mode=Mode.RECORDED)
    assert not explanation.holds
    assert total(()) == 0.0
