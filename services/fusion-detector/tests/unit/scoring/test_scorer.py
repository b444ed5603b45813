"""A trained scorer at work: its score, its parts, and what detection makes of them."""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from tldr_fusion_detector.domain.learning.training import LabelledStream
from tldr_fusion_detector.domain.moments.agreement import average_precision
from tldr_fusion_detector.domain.moments.detection import Detection, detect
from tldr_fusion_detector.domain.moments.lifecycle import State, classify
from tldr_fusion_detector.domain.profile.calibration import DEFAULT_CALIBRATION
from tldr_fusion_detector.domain.profile.profile import Profile
from tldr_fusion_detector.domain.scoring.ledger import explain
from tldr_fusion_detector.domain.scoring.scorer.scorer import BASE, TRAINED, Scorer
from tldr_fusion_detector.domain.scoring.scorer.words import WORDS
from tldr_fusion_detector.domain.scoring.scoring import score_timeline
from tldr_fusion_detector.domain.signals.baseline import Mode
from tldr_fusion_detector.domain.signals.signals import Modality
from tldr_fusion_detector.domain.signals.timeline import Gap, Timeline

Talks = Callable[..., list[LabelledStream]]


@pytest.fixture(scope="module")
def unseen(talks: Talks) -> LabelledStream:
    return talks(50, 1, length_s=1_200)[0]


@pytest.mark.parametrize("mode", Mode)
def test_it_finds_what_the_default_cannot_see(
    scorer: Scorer, unseen: LabelledStream, gaming: Profile, mode: Mode
) -> None:
    trained = detect(unseen.timeline, gaming, mode=mode, scorer=scorer)
    default = detect(unseen.timeline, gaming, mode=mode)
    assert average_precision(unseen.inside(), trained.scores) > 0.8
    assert average_precision(unseen.inside(), default.scores) < 0.6
    found = sum(
        any(h.start_ms < m.end_ms and m.start_ms < h.end_ms for h in trained.highlights) for m in unseen.moments
    )
    assert found >= 0.7 * len(unseen.moments)


def test_parts_sum_to_the_score_at_every_second(scorer: Scorer, unseen: LabelledStream, gaming: Profile) -> None:
    trained = score_timeline(unseen.timeline, gaming, Mode.RECORDED, DEFAULT_CALIBRATION, scorer=scorer).trained
    assert trained is not None
    for at in range(0, len(trained.score), 7):
        assert abs(math.fsum(part.amount for part in trained.parts(at)) - trained.score[at]) < 1e-12


def test_contributions_are_those_of_the_scorer(scorer: Scorer, unseen: LabelledStream, gaming: Profile) -> None:
    for highlight in detect(unseen.timeline, gaming, scorer=scorer).highlights:
        assert {contribution.dimension for contribution in highlight.contributions} == {TRAINED}
        assert highlight.contributions[0].signal == WORDS
        assert BASE in {contribution.signal for contribution in highlight.contributions}
        assert highlight.dimensions, "types still come from the profile's dimensions"
        assert "base" not in highlight.reason


@pytest.mark.parametrize("mode", Mode)
def test_a_trained_score_can_be_recomputed_and_tampering_shows(
    scorer: Scorer, unseen: LabelledStream, gaming: Profile, mode: Mode
) -> None:
    timeline = unseen.timeline
    highlight = detect(timeline.until(900), gaming, mode=mode, scorer=scorer).highlights[0]

    def holds(known: Timeline, by: Scorer | None) -> bool:
        return explain(
            known,
            gaming,
            at_s=highlight.peak_ms // 1000,
            score=highlight.score,
            contributions=highlight.contributions,
            mode=mode,
            scorer=by,
        ).holds

    said = timeline.words.counts.copy()
    said[timeline.words.seconds == highlight.peak_ms // 1000 + 16] += 1
    tampered = replace(timeline, words=replace(timeline.words, counts=said))
    assert holds(timeline.until(900), scorer)
    assert not holds(tampered.until(900), scorer)
    assert not holds(timeline.until(900), None)


def test_what_is_final_on_a_live_stream_never_changes(scorer: Scorer, unseen: LabelledStream, gaming: Profile) -> None:
    def final(length_s: int) -> list[tuple[int, int, float]]:
        known = detect(unseen.timeline.until(length_s), gaming, mode=Mode.LIVE, scorer=scorer)
        classified = classify(known, 1000 * length_s, Mode.LIVE, ended=False)
        highlights = [one.highlight for one in classified if one.state is State.FINAL]
        return [(h.start_ms, h.end_ms, round(h.score, 9)) for h in highlights]

    before = final(500)
    for length_s in range(520, 1_200, 20):
        later = final(length_s)
        assert later[: len(before)] == before
        before = later
    assert len(before) > 5


def test_live_a_score_rests_on_half_a_minute_of_what_follows(
    scorer: Scorer, unseen: LabelledStream, gaming: Profile
) -> None:
    def live(known_s: int) -> Detection:
        return detect(unseen.timeline.until(known_s), gaming, mode=Mode.LIVE, scorer=scorer)

    whole = live(1_200)
    assert whole.lag.seconds == DEFAULT_CALIBRATION.lag_prior
    assert whole.scores_settle_s == 30
    for known_s in (500, 777, 1_100):
        settled = slice(known_s - whole.scores_settle_s)
        np.testing.assert_array_equal(live(known_s).scores[settled], whole.scores[settled])


def test_limits_of_the_profile_apply(scorer: Scorer, unseen: LabelledStream, gaming: Profile) -> None:
    processing = replace(gaming.processing, min_length_ms=9_000, max_length_ms=10_000, max_per_hour=12, min_score=0.2)
    highlights = detect(unseen.timeline, replace(gaming, processing=processing), scorer=scorer).highlights
    assert 0 < len(highlights) <= 12
    assert all(9_000 <= highlight.end_ms - highlight.start_ms <= 10_000 for highlight in highlights)


def test_a_stream_without_any_of_its_signals_has_no_highlights(scorer: Scorer, gaming: Profile) -> None:
    silent = detect(Timeline(300, {"video.motion": np.ones(300)}), gaming, scorer=scorer)
    assert np.isfinite(silent.scores).all()
    assert not silent.highlights


def test_in_a_gap_of_chat_nothing_is_made_up(scorer: Scorer, unseen: LabelledStream, gaming: Profile) -> None:
    gap = Gap(Modality.CHAT, 300_000, 600_000)
    holed = replace(unseen.timeline, gaps=(gap,))
    found = detect(holed, gaming, scorer=scorer).highlights
    assert found
    assert not [h for h in found if h.start_ms > 310_000 and h.end_ms < 570_000]
