"""Streams of a made-up channel teach their words: `zorp` and `blick` go with its moments, the rest is said any time."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from tldr_fusion_detector.domain.moments.boundaries import Interval
from tldr_fusion_detector.domain.moments.detection import detect
from tldr_fusion_detector.domain.profile.calibration import DEFAULT_CALIBRATION
from tldr_fusion_detector.domain.profile.profile import Profile
from tldr_fusion_detector.domain.scoring.scoring import learn, score_timeline, settle_s
from tldr_fusion_detector.domain.scoring.teaching import teach
from tldr_fusion_detector.domain.signals.baseline import Mode
from tldr_fusion_detector.domain.signals.signals import Floats
from tldr_fusion_detector.domain.signals.smoothing import gaussian
from tldr_fusion_detector.domain.signals.timeline import Timeline
from tldr_fusion_detector.domain.signals.vocabulary import LEARNED, Vocabulary, read_vocabulary
from tldr_fusion_detector.domain.signals.words import WordCounts

Broadcast = Callable[..., tuple[Timeline, list[Interval]]]
Channel = Callable[..., tuple[Timeline, Floats]]

WORDS = ("and", "blick", "so", "the", "well", "zorp")
OWN = {"blick", "zorp"}
LAG_S = 16


@pytest.fixture
def channel(broadcast: Broadcast) -> Channel:
    """`channel(seed, length_s=, shown=)` -> a stream and where its moments are, (n,) of 0 and 1.

    Unless they are `shown`, nothing but the channel's own words tells of the moments: no picture, no sound, and a chat
    that says nothing that others would say.
    """

    def render(seed: int, length_s: int = 1200, shown: bool = True) -> tuple[Timeline, Floats]:
        timeline, planted = broadcast(seed, length_s=length_s, moments=length_s // 75, lag_s=LAG_S)
        moment = np.zeros(length_s)
        for interval in planted:
            moment[interval.start_ms // 1000 : interval.end_ms // 1000] = 1.0
        if not shown:
            timeline, _ = broadcast(seed, length_s=length_s, moments=0, distractors=False, modalities=("chat",))
        return replace(timeline, words=_said(seed, moment)), moment

    return render


def _said(seed: int, moment: Floats) -> WordCounts:
    reaction = np.roll(moment, LAG_S)
    rates = [0.02 + 1.5 * reaction if word in OWN else np.full(len(moment), 0.5) for word in WORDS]
    counts = np.random.default_rng(seed).poisson(rates).T
    seconds, indexes = np.nonzero(counts)
    return WordCounts(WORDS, seconds, indexes, counts[seconds, indexes])


def _learned(timeline: Timeline, profile: Profile, known: Vocabulary | None = None) -> Vocabulary | None:
    return learn(timeline, profile, DEFAULT_CALIBRATION, detect(timeline, profile).lag, known)


def _scores(timeline: Timeline, profile: Profile, mode: Mode, vocabulary: Vocabulary | None) -> Floats:
    return score_timeline(timeline, profile, mode, DEFAULT_CALIBRATION, vocabulary=vocabulary).total


@pytest.mark.parametrize("seed", range(3))
def test_words_that_go_with_moments_are_learned_and_those_of_any_time_are_not(
    channel: Channel, gaming: Profile, seed: int
) -> None:
    taught = _learned(channel(seed)[0], gaming)
    assert taught is not None
    assert (taught.streams, set(taught.weights)) == (1, set(WORDS))
    own = min(taught.weights[word] for word in OWN)
    assert own > 0.1
    assert max(abs(weight) for word, weight in taught.weights.items() if word not in OWN) < own / 2


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("seed", range(3))
def test_the_channels_next_stream_scores_its_moments_higher(
    channel: Channel, gaming: Profile, seed: int, mode: Mode
) -> None:
    vocabulary = _learned(channel(seed)[0], gaming)
    timeline, moment = channel(seed + 50, shown=False)
    before, with_it = (_scores(timeline, gaming, mode, known) for known in (None, vocabulary))
    inside, outside = moment > 0, moment == 0
    assert with_it[inside].mean() > 2 * before[inside].mean()
    assert with_it[inside].mean() - before[inside].mean() > 4 * abs(with_it[outside].mean() - before[outside].mean())


def test_what_another_channel_says_is_worth_nothing_here(channel: Channel, gaming: Profile) -> None:
    timeline, _ = channel(51, shown=False)
    foreign = Vocabulary(8, {"plim": 0.4, "quax": 0.3})
    sheet = score_timeline(timeline, gaming, Mode.LIVE, DEFAULT_CALIBRATION, vocabulary=foreign)
    np.testing.assert_array_equal(sheet.signals[LEARNED].z[:1100], 0.0)


def test_each_stream_adds_to_what_is_known(channel: Channel, gaming: Profile) -> None:
    first, second = (_learned(channel(seed)[0], gaming) for seed in (1, 2))
    assert first is not None
    assert second is not None
    assert _learned(channel(2)[0], gaming, first) == first.joined(second)


def test_detection_hands_on_what_was_learned_when_it_is_asked_to(channel: Channel, gaming: Profile) -> None:
    timeline, _ = channel(1)
    detection = detect(timeline, gaming, mode=Mode.LIVE, teach=True)
    assert detection.learned is not None
    seen_whole = learn(timeline, gaming, DEFAULT_CALIBRATION, detection.lag)
    assert read_vocabulary(detection.learned) == seen_whole
    assert detect(timeline, gaming, mode=Mode.LIVE).learned is None


@pytest.mark.parametrize("length_s", [60, 300, 610])
def test_less_than_ten_minutes_of_chat_with_its_moments_teach_nothing(
    channel: Channel, gaming: Profile, length_s: int
) -> None:
    known = Vocabulary(2, {"zorp": 0.3})
    assert _learned(channel(1, length_s)[0], gaming) is None
    assert _learned(channel(1, length_s)[0], gaming, known) == known
    assert _learned(channel(1, 620)[0], gaming) is not None


def test_a_stream_without_moments_words_or_scores_teaches_nothing(channel: Channel) -> None:
    timeline, moment = channel(1)
    later, kernel = np.full(1200, LAG_S), gaussian(4.0, 2.0)
    assert teach(timeline.words, np.zeros(1200), later, kernel) is None
    assert teach(timeline.words, np.full(1200, np.nan), later, kernel) is None
    assert teach(timeline.words.until(5), moment, later, kernel) is None


def test_live_scores_with_a_vocabulary_do_not_change_once_settled(channel: Channel, gaming: Profile) -> None:
    timeline, _ = channel(3)
    vocabulary = Vocabulary(4, {"zorp": 0.3, "blick": 0.2, "the": -0.01})
    whole = _scores(timeline, gaming, Mode.LIVE, vocabulary)
    assert (whole != _scores(timeline, gaming, Mode.LIVE, None)).any()
    for length_s in (330, 601, 1003):
        sheet = score_timeline(timeline.until(length_s), gaming, Mode.LIVE, DEFAULT_CALIBRATION, vocabulary=vocabulary)
        settled = length_s - settle_s(sheet.lags, DEFAULT_CALIBRATION, chat=True)
        assert settled > 250
        np.testing.assert_array_equal(sheet.total[:settled], whole[:settled])


@pytest.mark.parametrize("mode", Mode)
def test_a_channel_that_has_taught_nothing_yet_misses_nothing(channel: Channel, gaming: Profile, mode: Mode) -> None:
    timeline, _ = channel(1)
    unheard = replace(timeline, words=WordCounts((), *(np.empty(0, np.int64),) * 3))
    sheet = score_timeline(unheard, gaming, mode, DEFAULT_CALIBRATION)
    assert LEARNED not in sheet.signals
    np.testing.assert_array_equal(sheet.coverage[:1100], 1.0)
    taught = score_timeline(timeline, gaming, mode, DEFAULT_CALIBRATION, vocabulary=Vocabulary(1, {"zorp": 0.2}))
    assert LEARNED in taught.signals
    np.testing.assert_array_equal(taught.coverage[:1100], 1.0)
