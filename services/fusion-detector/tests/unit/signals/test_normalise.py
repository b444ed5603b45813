import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tldr_fusion_detector.domain.profile.calibration import Calibration
from tldr_fusion_detector.domain.signals.baseline import Mode, windows
from tldr_fusion_detector.domain.signals.normalise import Normalised, normalise
from tldr_fusion_detector.domain.signals.signals import Floats, Scale, traits_of
from tldr_fusion_detector.domain.signals.smoothing import gaussian

CALIBRATION = Calibration()


def _normalise(signal: str, raw: Floats, mode: Mode = Mode.RECORDED, messages: Floats | None = None) -> Normalised:
    over = windows(len(raw), mode, CALIBRATION)
    return normalise(raw, traits_of(signal), over, CALIBRATION, kernel=gaussian(2.0, 2.0), messages=messages)


def _noise(length_s: int, seed: int = 1) -> Floats:
    return np.random.default_rng(seed).normal(size=length_s)


def _shares(level: Floats) -> tuple[Floats, Floats]:
    """What share of some twenty messages a second it is, NaN where nobody wrote, and how many messages there were."""
    rng = np.random.default_rng(1)
    messages = rng.poisson(20, len(level))
    shares = rng.binomial(messages, level) / np.maximum(messages, 1)
    return np.where(messages > 0, shares, np.nan), messages.astype(np.float64)


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


@given(st.sampled_from(Scale), st.floats(0, 1))
def test_a_scale_can_be_undone(scale: Scale, value: float) -> None:
    assert scale.back(scale.of(np.array([value])))[0] == pytest.approx(value, abs=1e-12)


@pytest.mark.parametrize("mode", Mode)
def test_noise_of_a_share_is_the_same_whatever_its_level(mode: Mode) -> None:
    spreads = []
    for level in (0.03, 0.1, 0.3, 0.7):
        shares, messages = _shares(np.full(3600, level))
        spreads.append(_normalise("chat.hype", shares, mode, messages).z.std())
    assert max(spreads) < 1.25 * min(spreads)


@pytest.mark.parametrize("mode", Mode)
def test_of_a_share_drift_is_no_event_and_a_burst_is_one_at_any_level(mode: Mode) -> None:
    level = np.linspace(0.05, 0.3, 7200)
    shares, messages = _shares(level)
    drifting = _normalise("chat.hype", shares, mode, messages).z
    assert np.percentile(drifting, 95) < 3.5
    assert abs(drifting[6000:].mean()) < 1.7
    bursts = (1500, 3500, 5500)
    for at in bursts:
        shares[at : at + 10] = 0.8
    bursting = _normalise("chat.hype", shares, mode, messages).z
    assert [bursting[at + 5] for at in bursts] == [CALIBRATION.z_most] * 3
    assert np.abs(bursting - drifting)[5600:].max() < 0.5


@pytest.mark.parametrize("mode", Mode)
def test_a_chat_that_falls_silent_is_ordinary_and_leaves_the_rest_so(mode: Mode) -> None:
    shares, messages = _shares(np.full(3600, 0.1))
    talking = _normalise("chat.hype", shares, mode, messages).z
    shares[2000:2400], messages[2000:2400] = np.nan, 0.0
    z = _normalise("chat.hype", shares, mode, messages).z
    assert np.abs(z[2020:2380]).max() < 0.5
    assert np.abs(z - talking)[2420:].max() < 1.0
    assert np.isfinite(z).all()


def test_what_a_live_stream_shows_early_counts_less_and_never_for_nothing() -> None:
    loudness = -30 + np.tile(_noise(60), 40)
    moments = range(30, 2400, 300)
    for at in moments:
        loudness[at : at + 8] += 5
    by_length = [_normalise("audio.loudness", loudness[:n], Mode.LIVE).z for n in (45, 60, 90, 120, 180, 300, 2400)]
    first = [float(z[30:38].max()) for z in by_length]
    assert first == sorted(first)
    assert 0.5 < first[0] < 0.6 * first[-1]
    later = [float(by_length[-1][at : at + 8].max()) for at in moments]
    assert later == sorted(later)
    assert later[-1] > 1.2 * later[0]
    recorded = _normalise("audio.loudness", loudness).z
    assert recorded[30:38].max() > later[-1]
    assert all(np.isfinite(z).all() for z in by_length)
