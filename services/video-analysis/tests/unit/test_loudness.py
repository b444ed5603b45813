"""Momentary loudness against figures that the standard implies."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.signal import sosfilt

from tldr_video_analysis.domain.sound.loudness import block_energy, k_weighting_power, loudness_per_second

# The coefficients that BS.1770-4 prints for 48 kHz.
BIQUADS = np.array(
    [
        [1.53512485958697, -2.69169618940638, 1.19839281085285, 1.0, -1.69065929318241, 0.73248077421585],
        [1.0, -2.0, 1.0, 1.0, -1.99004745483398, 0.99007225036621],
    ]
)


def loudness(samples: NDArray[np.float64], rate: int = 48_000, weights: tuple[float, ...] = ()) -> NDArray[np.float32]:
    gains = np.array(weights or (1.0,) * len(samples))
    energy = block_energy(samples.astype(np.float32), rate, gains)
    return loudness_per_second(energy, np.full(len(energy), rate / 10), samples.shape[1] // rate)


def sine(level_db: float, hertz: float = 997.0, rate: int = 48_000, seconds: int = 3) -> NDArray[np.float64]:
    return 10 ** (level_db / 20) * np.sin(2 * np.pi * hertz * np.arange(rate * seconds) / rate)


@pytest.mark.parametrize("rate", [8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000])
def test_a_sine_at_minus_23_on_both_channels_has_minus_23_lufs(rate: int) -> None:
    tone = sine(-23.0, rate=rate)
    assert loudness(np.stack([tone, tone]), rate) == pytest.approx([-23.0] * 3, abs=0.1)


def test_one_channel_has_3_decibels_less() -> None:
    assert loudness(sine(-23.0)[None]) == pytest.approx([-26.01] * 3, abs=0.1)


def test_surround_channels_count_one_and_a_half_decibels_more_and_low_frequency_effects_nothing() -> None:
    tone, silence = sine(-23.0), np.zeros(3 * 48_000)
    surround = loudness(np.stack([silence, tone]), weights=(1.0, 1.41))
    effects = loudness(np.stack([silence, tone]), weights=(1.0, 0.0))
    assert surround == pytest.approx([-24.51] * 3, abs=0.1)
    assert (effects == -70.0).all()


def test_digital_silence_is_minus_70() -> None:
    assert (loudness(np.zeros((2, 96_000))) == -70.0).all()


def test_the_weighting_is_that_of_the_standard_at_48_kilohertz() -> None:
    z = np.exp(-2j * np.pi * np.arange(2401) / 4800)
    powers = np.stack([z**0, z, z**2])
    response = np.prod([(section[:3] @ powers) / (section[3:] @ powers) for section in BIQUADS], axis=0)
    assert 10 * np.log10(k_weighting_power(48_000)[1:]) == pytest.approx(20 * np.log10(np.abs(response[1:])), abs=0.01)


def test_blocks_agree_with_a_running_filter_to_a_tenth_of_a_decibel() -> None:
    generator = np.random.default_rng(1)
    coloured = sosfilt([[1, 0, 0, 1, -0.97, 0]], generator.normal(0, 0.02, (2, 48_000 * 6)), axis=-1)
    coloured *= 0.3 + 0.7 * np.abs(np.sin(np.arange(48_000 * 6) / 9_000))
    filtered = np.square(sosfilt(BIQUADS, coloured, axis=-1)).sum(axis=0).reshape(-1, 4800).sum(axis=1)
    expected = loudness_per_second(filtered, np.full(len(filtered), 4800.0), 6)
    assert loudness(coloured) == pytest.approx(expected, abs=0.1)


def test_a_short_burst_makes_its_second_loud_and_the_next_one_not() -> None:
    samples = np.zeros((1, 48_000 * 3))
    samples[0, 48_000 : 48_000 + 19_200] = sine(-10.0)[:19_200]
    quiet_before, loud, silent = loudness(samples)
    assert loud == pytest.approx(-13.01, abs=0.1)
    assert quiet_before < loud - 1.0
    assert silent == -70.0


def test_a_second_of_which_little_was_decoded_says_nothing() -> None:
    energy, decoded = np.zeros(20), np.full(20, 4800.0)
    decoded[10:] = 0.0
    decoded[8:10] = 0.0
    assert np.isnan(loudness_per_second(energy, decoded, 2)).tolist() == [False, True]
