"""Spectra, onsets and crowd of planted sounds."""

import numpy as np
import pytest
from numpy.typing import NDArray

from tldr_video_analysis.domain.sound.crowd import crowd_level, crowd_power
from tldr_video_analysis.domain.sound.onsets import onset_strength
from tldr_video_analysis.domain.sound.spectrum import FRAMES_PER_SECOND, RATE, mean_per_second, power_spectra

TIME = np.arange(2 * RATE) / RATE


def crowd(samples: NDArray[np.float64]) -> float:
    return float(np.median(crowd_level(crowd_power(power_spectra(samples.astype(np.float32))))))


def noise(level: float) -> NDArray[np.float64]:
    return np.random.default_rng(2).normal(0.0, level, len(TIME))


def voice() -> NDArray[np.float64]:
    return sum((0.1 / k * np.sin(2 * np.pi * 150 * k * TIME) for k in range(1, 27)), np.zeros(len(TIME)))


def test_the_sum_of_a_spectrum_is_the_mean_square() -> None:
    tone = (0.5 * np.sin(2 * np.pi * 1000 * TIME)).astype(np.float32)
    assert power_spectra(tone).sum(axis=1) == pytest.approx(0.125, rel=0.01)


def test_noise_is_crowd_at_about_its_level_in_the_band() -> None:
    in_band = 10 * np.log10(0.1**2 * 3500 / 8000)
    assert crowd(noise(0.1)) == pytest.approx(in_band, abs=1.5)


def test_a_tone_and_a_voice_of_the_same_power_are_far_less_crowd_than_noise() -> None:
    level = float(np.sqrt(np.mean(np.square(voice()))))
    tone = level * np.sqrt(2) * np.sin(2 * np.pi * 1000 * TIME)
    assert crowd(noise(level)) > crowd(voice()) + 10
    assert crowd(noise(level)) > crowd(tone) + 8


def test_silence_is_at_the_floor() -> None:
    assert crowd(np.zeros(len(TIME))) == -70.0


def test_knocks_are_onsets_and_a_steady_tone_is_none() -> None:
    tone = 0.2 * np.sin(2 * np.pi * 500 * TIME)
    knocks = tone + noise(0.3) * (np.arange(len(TIME)) % 4000 < 160)
    steady = onset_strength(power_spectra(tone.astype(np.float32)))
    knocking = onset_strength(power_spectra(knocks.astype(np.float32)))
    assert (steady >= 0).all()
    assert knocking.mean() > 5 * steady[1:].mean() + 0.05


def test_twice_the_volume_changes_onsets_by_less_than_a_third() -> None:
    knocks = noise(0.3) * (np.arange(len(TIME)) % 4000 < 160) + noise(0.01)
    soft = onset_strength(power_spectra((0.5 * knocks).astype(np.float32))).mean()
    loud = onset_strength(power_spectra(knocks.astype(np.float32))).mean()
    assert loud == pytest.approx(soft, rel=0.33)


def test_a_second_without_frames_says_nothing() -> None:
    values = np.ones(FRAMES_PER_SECOND + 10, dtype=np.float32)
    assert mean_per_second(values, FRAMES_PER_SECOND, 3) == pytest.approx([1.0, 1.0, np.nan], nan_ok=True)
