"""How late chat reacts: chat excitement aligned with the stream's own picture and sound."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tldr_fusion_detector.domain.profile.calibration import Calibration
from tldr_fusion_detector.domain.signals.signals import Floats

# Rotations nearer than this to zero could still be a reaction; farther ones show what chance gives.
CHANCE_FROM_S = 60
LEAST_OVERLAP_S = 90


@dataclass(frozen=True, slots=True)
class Lag:
    """Chat reacts `seconds` late, give or take `sigma`; `evidence` 0..1 says how much of it is this stream's own."""

    seconds: float
    sigma: float
    evidence: float


class LagPath(NamedTuple):
    """The lag in force at each second; whole seconds, (n,)."""

    seconds: NDArray[np.int64]
    smoothing: Floats
    last: Lag


def prior_lag(calibration: Calibration) -> Lag:
    return Lag(calibration.lag_prior, calibration.lag_prior_sigma, 0.0)


def estimate_lag(media: Floats, chat: Floats, calibration: Calibration) -> Lag:
    """Posterior mean and deviation of the lag on a grid of whole seconds.

    `media`, `chat`: excitement >= 0 at 1 Hz, (n,), NaN where missing. With r(l) the correlation of media with chat
    read l seconds later, the log-likelihood is -n_eff/2 log(1 - r(l)^2) for r > 0 (profile likelihood of a bivariate
    normal), n_eff = n / (1 + 2 sum rho_media rho_chat) after Bartlett. It is tempered by the evidence; without any
    the prior is left, unchanged.
    """
    both = min(len(media), len(chat))
    x, y = _centred(media[:both]), _centred(chat[:both])
    if both < LEAST_OVERLAP_S + calibration.lag_most or not x.any() or not y.any():
        return prior_lag(calibration)
    lags = np.arange(calibration.lag_most + 1)
    correlation = _correlations(x, y, lags)
    independent = _independent(x, y)
    evidence = _evidence(x, y, float(correlation.max()), independent)
    likelihood = -0.5 * independent * np.log1p(-(np.clip(correlation, 0.0, 0.99) ** 2))
    prior = -0.5 * ((lags - calibration.lag_prior) / calibration.lag_prior_sigma) ** 2
    if evidence == 0.0:
        return prior_lag(calibration)
    logs = evidence * likelihood + prior
    posterior = np.exp(logs - logs.max())
    posterior /= posterior.sum()
    mean = float(posterior @ lags)
    return Lag(mean, math.sqrt(max(float(posterior @ (lags - mean) ** 2), 0.25)), evidence)


def lag_path(media: Floats, chat: Floats, calibration: Calibration, live: bool) -> LagPath:
    """One lag for a recording; on a live stream, from each checkpoint on, the one its past gives."""
    length = len(media)
    if not live:
        return constant_path(estimate_lag(media, chat, calibration), length, calibration)
    found = [(end, lag_at(end, media, chat, 0, calibration)) for end in checkpoints(length, calibration)]
    return path_of(found, 0, length, calibration)


def lag_at(checkpoint_s: int, media: Floats, chat: Floats, from_s: int, calibration: Calibration) -> Lag:
    """What a live stream's past says at a checkpoint; the series begin at second `from_s`."""
    # Figures next to a checkpoint were smoothed with what came after it, so they are left out.
    edge = math.ceil(calibration.reach * calibration.chat_sigma)
    past = slice(max(checkpoint_s - calibration.lag_window, 0) - from_s, checkpoint_s - edge - from_s)
    return estimate_lag(media[past], chat[past], calibration)


def path_of(found: Sequence[tuple[int, Lag]], start_s: int, length_s: int, calibration: Calibration) -> LagPath:
    """The lags in force in [start_s, start_s + length_s) of a live stream, where each of these was `found` at a second."""
    seconds, smoothing = np.empty(length_s, dtype=np.int64), np.empty(length_s)
    lag = prior_lag(calibration)
    for at, following in [(0, lag), *found]:
        place, lag = max(at - start_s, 0), following
        seconds[place:], smoothing[place:] = round(lag.seconds), _smoothing(lag, calibration)
    return LagPath(seconds, smoothing, lag)


def constant_path(lag: Lag, length_s: int, calibration: Calibration) -> LagPath:
    """The same lag for the whole stream, for example the customer's own figure."""
    seconds = np.full(length_s, round(lag.seconds), dtype=np.int64)
    return LagPath(seconds, np.full(length_s, _smoothing(lag, calibration)), lag)


def checkpoints(length_s: int, calibration: Calibration) -> list[int]:
    """The seconds before `length_s` at which a live stream's lag is looked for anew."""
    last = calibration.lag_checkpoints[-1]
    marks = [*calibration.lag_checkpoints, *range(2 * last, length_s, last)]
    return [mark for mark in marks if mark < length_s]


def next_checkpoint(second: int, calibration: Calibration) -> int:
    """The first one at `second` or later."""
    last = calibration.lag_checkpoints[-1]
    return next((mark for mark in calibration.lag_checkpoints if mark >= second), -(-second // last) * last)


def smoothings(given: Lag | None, calibration: Calibration) -> tuple[float, ...]:
    """The standard deviations by which chat is smoothed under a lag, or under any that may be found."""
    if given is not None:
        return (_smoothing(given, calibration),)
    narrow, wide = round(calibration.chat_sigma), calibration.chat_sigma_most
    return tuple(sorted({*(float(sigma) for sigma in range(narrow, math.ceil(wide))), wide}))


def _smoothing(lag: Lag, calibration: Calibration) -> float:
    """Standard deviation for chat: its own spread and the lag's uncertainty together, in whole seconds."""
    both = math.hypot(calibration.chat_sigma, lag.sigma)
    return float(min(round(both), calibration.chat_sigma_most))


def _centred(values: Floats) -> Floats:
    known = np.isfinite(values)
    if not known.any():
        return np.zeros(len(values))
    centred: Floats = np.where(known, values - values[known].mean(), 0.0)
    return np.zeros(len(values)) if np.abs(centred).max() < 1e-9 else centred


def _correlations(x: Floats, y: Floats, lags: NDArray[np.int64]) -> Floats:
    """Pearson correlation of x[t] with y[t + l] over the seconds where both exist, for each l."""
    found = np.zeros(len(lags))
    for i, lag in enumerate(lags):
        left, right = _centred(x[: len(x) - lag]), _centred(y[lag:])
        scale = math.sqrt(float(left @ left) * float(right @ right))
        found[i] = float(left @ right) / scale if scale > 0 else 0.0
    return found


def _evidence(x: Floats, y: Floats, best: float, independent: float) -> float:
    """0..1: whether the best correlation is more than chance, by the weakest of three tests.

    It must stand above those of rotations too far to be reactions (0 at 2.5 of their standard deviations, 1 at 4), be
    as many standard errors from zero (Fisher's transform, independent seconds), and matter (0 at 0.15, 1 at 0.3).
    """
    rotations = np.fft.irfft(np.conj(np.fft.rfft(x)) * np.fft.rfft(y), len(x)) / math.sqrt(float((x @ x) * (y @ y)))
    chance = rotations[CHANCE_FROM_S : len(x) - CHANCE_FROM_S // 2]
    if best <= 0 or len(chance) < CHANCE_FROM_S // 2 or chance.std() < 1e-9:
        return 0.0
    above_chance = (best - float(chance.mean())) / float(chance.std())
    from_zero = math.atanh(min(best, 0.99)) * math.sqrt(max(independent - 3.0, 0.0))
    weakest = min((min(above_chance, from_zero) - 2.5) / 1.5, (best - 0.15) / 0.15)
    return min(max(weakest, 0.0), 1.0)


def _independent(x: Floats, y: Floats) -> float:
    """The number of independent seconds in two series that both change slowly."""
    width = min(120, len(x) // 2)
    rho_x, rho_y = _autocorrelation(x, width), _autocorrelation(y, width)
    return len(x) / max(1.0, 1.0 + 2.0 * float((rho_x * rho_y)[1:].sum()))


def _autocorrelation(x: Floats, width: int) -> Floats:
    size = 2 * len(x)
    power = np.abs(np.fft.rfft(x, size)) ** 2
    covariance = np.fft.irfft(power, size)[:width]
    correlation: Floats = covariance / covariance[0]
    return correlation
