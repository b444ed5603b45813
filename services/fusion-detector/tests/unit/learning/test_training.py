"""Training: enough data, honest comparison, the same document for the same data."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from tldr_fusion_detector.adapters.learning.trainer_sklearn import SklearnTrainer
from tldr_fusion_detector.adapters.learning.trainer_words import NO_WEIGHTS, normal_equations
from tldr_fusion_detector.domain.learning.training import (
    LabelledStream,
    TooLittleData,
    WorseThanDefault,
    fingerprint,
    require_better,
)
from tldr_fusion_detector.domain.moments.boundaries import Interval
from tldr_fusion_detector.domain.profile.calibration import DEFAULT_CALIBRATION
from tldr_fusion_detector.domain.profile.profile import Profile
from tldr_fusion_detector.domain.scoring.scorer.document import write_scorer
from tldr_fusion_detector.domain.scoring.scorer.scorer import Scorer
from tldr_fusion_detector.domain.signals.baseline import Mode, windows
from tldr_fusion_detector.domain.signals.reaction_lag import constant_path, prior_lag
from tldr_fusion_detector.domain.signals.reading import SignalReader

Talks = Callable[..., list[LabelledStream]]
CREATED = "2026-01-01T00:00:00+00:00"


def train(streams: list[LabelledStream], profile: Profile) -> Scorer:
    return SklearnTrainer()(streams, profile, created=CREATED, progress=lambda step, share: None)


def test_the_same_streams_in_any_order_give_the_same_document(scorer: Scorer, talks: Talks, gaming: Profile) -> None:
    assert write_scorer(train(talks(0, 6)[::-1], gaming)) == write_scorer(scorer)


def test_the_provenance_says_what_it_was_made_from(scorer: Scorer, talks: Talks) -> None:
    made, streams = scorer.provenance, talks(0, 6)
    assert made.data == fingerprint(streams)
    assert (made.streams, made.seconds, made.created) == (6, 4_200, CREATED)
    assert made.moments == sum(len(stream.moments) for stream in streams)
    assert made.trained["AP"] > made.default["AP"] + 20
    assert set(made.libraries) == {"calibration", "numpy", "scikit-learn"}


def test_what_was_learned_from_is_known_by_its_fingerprint(talks: Talks) -> None:
    streams = talks(0, 3)
    assert fingerprint(streams) == fingerprint(streams[::-1])
    moved = replace(streams[0], moments=(Interval(0, 9_000), *streams[0].moments[1:]))
    assert fingerprint([moved, *streams[1:]]) != fingerprint(streams)


def test_labels_that_mean_nothing_are_refused(talks: Talks, gaming: Profile) -> None:
    rng = np.random.default_rng(4)

    def shuffled(stream: LabelledStream) -> LabelledStream:
        starts = 1000 * np.sort(rng.choice(stream.length_s // 12, len(stream.moments), replace=False)) * 12
        return replace(stream, moments=tuple(Interval(int(at), int(at) + 9_000) for at in starts))

    with pytest.raises(WorseThanDefault, match=r"average precision of \d+\.\d % and the default \d+\.\d %"):
        train([shuffled(stream) for stream in talks(0, 6)], gaming)


@pytest.mark.parametrize(
    ("streams", "length_s", "moments"),
    [(4, 700, 99), (1, 8_000, 99), (6, 700, 3)],
)
def test_too_little_to_learn_from_is_said(
    talks: Talks, gaming: Profile, streams: int, length_s: int, moments: int
) -> None:
    few = [replace(one, moments=one.moments[:moments]) for one in talks(0, streams, length_s=length_s)]
    with pytest.raises(TooLittleData, match="needs 5 streams, or two of 2 h together, and 20 moments"):
        train(few, gaming)


def test_a_stream_without_moments_is_refused_by_name_of_the_rule(talks: Talks, gaming: Profile) -> None:
    with pytest.raises(TooLittleData, match="seconds that people kept"):
        train([*talks(0, 6), replace(talks(7, 1)[0], moments=())], gaming)


@pytest.mark.parametrize(
    ("trained", "default", "kept"),
    [
        ([0.6, 0.7, 0.8], [0.4, 0.5, 0.6], True),
        ([0.6, 0.7, 0.8], [0.6, 0.7, 0.8], False),
        ([0.9, 0.3, 0.5, 0.6], [0.4, 0.5, 0.4, 0.6], False),  # better on average, by one stream alone
        ([0.4, 0.4], [0.5, 0.5], False),
    ],
)
def test_a_scorer_must_be_surely_better(trained: list[float], default: list[float], kept: bool) -> None:
    if kept:
        require_better(trained, default)
    else:
        with pytest.raises(WorseThanDefault):
            require_better(trained, default)


@pytest.mark.parametrize("mode", Mode)
def test_words_are_weighed_by_the_figures_that_are_served(talks: Talks, mode: Mode) -> None:
    """The ridge's own predictions, summed over its rows, are the served series summed over them."""
    stream = talks(3, 1)[0]
    over = windows(stream.timeline.length_s, mode, DEFAULT_CALIBRATION)
    reader = SignalReader(stream.timeline, over, DEFAULT_CALIBRATION)
    lags = constant_path(prior_lag(DEFAULT_CALIBRATION), stream.timeline.length_s, DEFAULT_CALIBRATION)
    words = ("now", "then")
    normal = normal_equations(words, reader, lags, stream.inside(), 1)
    weights = replace(NO_WEIGHTS, words=words, weights=np.arange(8.0).reshape(4, 2) - 3.0)
    served = np.nan_to_num(weights.series(reader, lags)[: stream.length_s])
    wanted = stream.inside() - stream.inside().mean()
    assert normal.target @ weights.weights.ravel() == pytest.approx(float(served @ wanted), rel=1e-4)
    flat = weights.weights.ravel()
    assert flat @ normal.gram @ flat == pytest.approx(float(served @ served), rel=1e-4)
