"""Sound at another rate is the same sound."""

import numpy as np
import pytest

from tldr_video_analysis.domain.sound.resampling import resampled


@pytest.mark.parametrize("rate", [8_000, 11_025, 22_050, 32_000, 44_100, 48_000, 96_000])
def test_a_tone_stays_the_same_tone_in_time(rate: int) -> None:
    tone = np.sin(2 * np.pi * 997 * np.arange(rate) / rate).astype(np.float32)
    result = resampled(tone, rate, 16_000)
    expected = np.sin(2 * np.pi * 997 * np.arange(16_000) / 16_000)
    assert len(result) == 16_000
    assert result[200:-200] == pytest.approx(expected[200:-200], abs=1e-3)


def test_what_the_lower_rate_cannot_hold_is_gone() -> None:
    tone = np.sin(2 * np.pi * 9_500 * np.arange(48_000) / 48_000).astype(np.float32)
    assert np.abs(resampled(tone, 48_000, 16_000)[200:-200]).max() < 1e-3


def test_a_rate_without_common_factor_keeps_time_too() -> None:
    tone = np.sin(2 * np.pi * 200 * np.arange(44_056) / 44_056).astype(np.float32)
    expected = np.sin(2 * np.pi * 200 * np.arange(16_000) / 16_000)
    assert resampled(tone, 44_056, 16_000)[10:-10] == pytest.approx(expected[10:-10], abs=1e-2)
