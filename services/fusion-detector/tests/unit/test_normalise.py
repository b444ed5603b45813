import numpy as np
import pytest

from tldr_fusion_detector.domain.baseline import Mode, windows
from tldr_fusion_detector.domain.calibration import Calibration
from tldr_fusion_detector.domain.normalise import Normalised, normalise
from tldr_fusion_detector.domain.signals import Floats, traits_of

CALIBRATION = Calibration()


def _normalise(signal: str, raw: Floats, mode: Mode = Mode.RECORDED, messages: Floats | None = None) -> Normalised:
    over = windows(len(raw), mode, CALIBRATION)
    return normalise(raw, traits_of(signal), over, CALIBRATION, sigma_s=2.0, messages=messages)


def _noise(length_s: int, seed: int = 1) -> Floats:
    return np.random.default_rng(seed).normal(size=length_s)


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("signal", ["audio.loudness", "video.motion", "chat.rate", "external.kills"])
def test_a_flat_series_is_ordinary_throughout(signal: str, mode: Mode) -> None:
    np.testing.assert_allclose(_normalise(signal, np.full(900, 5.0), mode).z, 0.0, atol=1e-9)


def test_a_change_too_small_to_notice_does_not_stand_out_of_a_flat_series() -> None:
    loudness = np.full(300, -30.0)
    loudness[100:110] += 0.5
    assert _normalise("audio.loudness", loudness).z.max() < 0.5


def test_noise_around_a_level_has_a_deviation_near_one() -> None:
    z = _normalise("external.load", 100 + 50 * _noise(3000)).z
    assert abs(z.std() - 1.0) < 0.15
    assert abs(z.mean() - 0.25) < 0.15  # the level is the 0.40 quantile


def test_a_burst_stands_out_and_leaves_the_rest_alone() -> None:
    calm = -30 + _noise(600)
    burst = calm.copy()
    burst[300:310] += 20
    before, after = _normalise("audio.loudness", calm).z, _normalise("audio.loudness", burst).z
    assert after[305] == CALIBRATION.z_most
    assert np.abs(after - before)[:290].max() < 0.1


@pytest.mark.parametrize("mode", Mode)
def test_slow_drift_is_no_event(mode: Mode) -> None:
    drifting = -40 + 12 * np.arange(7200) / 7200 + 2 * _noise(7200)
    z = _normalise("audio.loudness", drifting, mode).z
    assert np.percentile(z, 95) < 3.5
    assert abs(z[6000:].mean()) < 1.7


def test_dead_air_does_not_become_the_ordinary_level() -> None:
    loudness = -30 + _noise(600)
    loudness[100:420] = -70.0
    z = _normalise("audio.loudness", loudness).z
    assert z[450:590].max() < 4
    assert z[110:410].max() == CALIBRATION.z_least


def test_sound_that_is_dead_throughout_counts_as_missing() -> None:
    assert np.isnan(_normalise("audio.crowd", np.full(300, -70.0)).z).all()


def test_a_missing_second_stays_missing() -> None:
    loudness = -30 + _noise(300)
    loudness[50:60] = np.nan
    missing = np.isnan(_normalise("audio.loudness", loudness).z)
    assert missing[50:60].all()
    assert missing.sum() == 10


def test_one_hyped_message_in_a_quiet_chat_is_not_what_many_in_a_crowded_one_are() -> None:
    seconds = np.arange(400)
    quiet = np.where(seconds % 4 == 0, 1.0, 0.0)
    lonely = np.where(quiet > 0, np.where(seconds == 200, 1.0, 0.0), np.nan)
    assert _normalise("chat.hype", lonely, messages=quiet).z.max() < 2.5
    crowded = np.full(400, 50.0)
    together = np.where((seconds >= 200) & (seconds < 206), 1.0, 0.1)
    assert _normalise("chat.hype", together, messages=crowded).z.max() > 5


def test_a_chat_in_which_nobody_writes_is_ordinary_and_not_missing() -> None:
    nobody = _normalise("chat.hype", np.full(300, np.nan), messages=np.zeros(300))
    np.testing.assert_allclose(nobody.z, 0.0)


def test_value_and_baseline_keep_the_signals_own_unit() -> None:
    rate = np.full(600, 4.0)
    rate[300:312] = 16.0
    found = _normalise("chat.rate", rate)
    assert found.baseline[306] == pytest.approx(4.0)
    assert found.value[306] == pytest.approx(16.0, rel=0.05)


def test_live_figures_never_change_once_what_they_read_has_come() -> None:
    loudness = -30 + 3 * _noise(2000) + np.linspace(0, 5, 2000)
    whole = _normalise("audio.loudness", loudness, Mode.LIVE).z
    for length in (400, 641, 1000, 1999):
        part = _normalise("audio.loudness", loudness[:length], Mode.LIVE).z
        np.testing.assert_array_equal(part[: length - 4], whole[: length - 4])


def test_too_little_to_know_the_ordinary_level_counts_as_missing() -> None:
    assert np.isnan(_normalise("audio.loudness", np.full(5, -30.0)).z).all()
