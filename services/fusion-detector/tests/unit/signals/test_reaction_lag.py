from collections.abc import Callable

import numpy as np
import pytest

from tldr_fusion_detector.domain.moments.boundaries import Interval
from tldr_fusion_detector.domain.moments.detection import detect
from tldr_fusion_detector.domain.profile.calibration import Calibration
from tldr_fusion_detector.domain.profile.profile import Profile
from tldr_fusion_detector.domain.signals.baseline import Mode
from tldr_fusion_detector.domain.signals.reaction_lag import Lag, constant_path, estimate_lag, lag_path, prior_lag
from tldr_fusion_detector.domain.signals.signals import Floats
from tldr_fusion_detector.domain.signals.smoothing import gaussian, smooth
from tldr_fusion_detector.domain.signals.timeline import Timeline

Broadcast = Callable[..., tuple[Timeline, list[Interval]]]

CALIBRATION = Calibration()


def _excitement(
    seed: int, lag_s: int, length_s: int = 600, moments: int = 10, strength: float = 3.0
) -> tuple[Floats, Floats]:
    """Media and chat with the same bumps, chat later, each with noise of its own."""
    rng = np.random.default_rng(seed)
    media, chat = np.zeros(length_s), np.zeros(length_s)
    for start in rng.choice(np.arange(20, length_s - 60), moments, replace=False):
        length = int(rng.integers(6, 15))
        media[start : start + length] += strength
        chat[start + lag_s : start + lag_s + length] += strength
    kernel = gaussian(2.0, 2.0)
    noisy = [np.abs(series + rng.normal(0, 1, length_s)) for series in (media, chat)]
    return smooth(noisy[0], kernel)[0], smooth(noisy[1], kernel)[0]


@pytest.mark.parametrize("planted", range(0, 31, 3))
def test_a_planted_lag_is_recovered_within_a_second(planted: int) -> None:
    for seed in range(4):
        media, chat = _excitement(seed, planted)
        lag = estimate_lag(media, chat, CALIBRATION)
        assert abs(lag.seconds - planted) <= 1.0
        assert lag.sigma < 3.0
        assert lag.evidence > 0.5


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("planted", range(0, 31, 3))
def test_a_lag_planted_in_a_stream_is_recovered_within_a_second(
    broadcast: Broadcast, gaming: Profile, planted: int, mode: Mode
) -> None:
    for seed in range(2):
        timeline, _ = broadcast(seed, length_s=700, moments=12, lag_s=planted)
        lag = detect(timeline, gaming, mode=mode).lag
        assert abs(lag.seconds - planted) <= 1.0
        assert (lag.sigma, lag.evidence) == (0.5, 1.0)


def test_the_weaker_the_reactions_the_wider_the_deviation_which_says_how_wrong_the_lag_is() -> None:
    widths = []
    for strength in (3.0, 2.0, 1.5, 1.0):
        planted = [int(lag) for lag in np.random.default_rng(1).normal(16, 7, 60).clip(0, 35)]
        lags = [estimate_lag(*_excitement(i, lag, strength=strength), CALIBRATION) for i, lag in enumerate(planted)]
        errors = np.array([lag.seconds - truth for lag, truth in zip(lags, planted, strict=True)])
        sigmas = np.array([lag.sigma for lag in lags])
        assert np.mean(np.abs(errors) <= 2 * sigmas) >= 0.9
        assert 0.3 < np.sqrt(np.mean((errors / sigmas) ** 2)) < 1.3
        widths.append(sigmas.mean())
    assert widths == sorted(widths)
    assert widths[0] < 0.6
    assert widths[-1] > 3.0


@pytest.mark.parametrize("mode", Mode)
def test_the_shuffled_chat_of_a_stream_leaves_the_prior(broadcast: Broadcast, gaming: Profile, mode: Mode) -> None:
    untouched = 0
    for seed in range(20):
        timeline, _ = broadcast(seed, length_s=600, moments=10)
        order = np.random.default_rng(seed).permutation(600)
        series = {name: x[order] if name.startswith("chat") else x for name, x in timeline.series.items()}
        untouched += detect(Timeline(600, series), gaming, mode=mode).lag == Lag(16.0, 7.0, 0.0)
    assert untouched >= 18  # about one shuffle in twenty happens to look like a reaction


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("modalities", [("chat",), ("video", "audio")])
def test_a_stream_of_one_kind_has_the_prior(
    broadcast: Broadcast, gaming: Profile, modalities: tuple[str, ...], mode: Mode
) -> None:
    timeline, _ = broadcast(1, length_s=600, moments=10, modalities=modalities)
    assert detect(timeline, gaming, mode=mode).lag == Lag(16.0, 7.0, 0.0)


def test_shuffled_chat_has_no_weight() -> None:
    weights = []
    for seed in range(12):
        media, chat = _excitement(seed, 12)
        lag = estimate_lag(media, np.random.default_rng(seed).permutation(chat), CALIBRATION)
        weights.append(lag.evidence)
        assert abs(lag.seconds - CALIBRATION.lag_prior) < 2.0 + 8.0 * lag.evidence
    assert np.mean(weights) < 0.05


def test_chat_of_another_stream_has_hardly_any_weight() -> None:
    weights = [
        estimate_lag(_excitement(seed, 12, 1800, 25)[0], _excitement(seed + 100, 12, 1800, 25)[1], CALIBRATION).evidence
        for seed in range(10)
    ]
    assert np.mean(weights) < 0.1


@pytest.mark.parametrize("length_s", [0, 1, 60, 129])
def test_a_stream_too_short_to_tell_has_the_prior(length_s: int) -> None:
    assert estimate_lag(np.ones(length_s), np.ones(length_s), CALIBRATION) == prior_lag(CALIBRATION)


def test_without_a_second_modality_the_prior_stays() -> None:
    _, chat = _excitement(1, 12)
    assert estimate_lag(np.full(600, np.nan), chat, CALIBRATION) == Lag(16.0, 7.0, 0.0)
    assert estimate_lag(np.full(600, 2.0), chat, CALIBRATION) == Lag(16.0, 7.0, 0.0)


def test_a_live_stream_uses_what_its_past_gave_and_never_takes_it_back() -> None:
    media, chat = _excitement(3, 9, length_s=1500, moments=25)
    whole = lag_path(media, chat, CALIBRATION, live=True)
    assert (whole.seconds[:180] == 16).all()
    assert abs(whole.seconds[-1] - 9) <= 1
    for length in (200, 601, 1300):
        part = lag_path(media[:length], chat[:length], CALIBRATION, live=True)
        np.testing.assert_array_equal(part.seconds, whole.seconds[:length])
        np.testing.assert_array_equal(part.smoothing, whole.smoothing[:length])


def test_chat_is_smoothed_more_where_its_lag_is_uncertain() -> None:
    sure = constant_path(Lag(10.0, 1.0, 1.0), 5, CALIBRATION).smoothing[0]
    unsure = constant_path(prior_lag(CALIBRATION), 5, CALIBRATION).smoothing[0]
    assert (sure, unsure) == (4.0, 7.0)
