"""Raw series become robust standard deviations above the stream's own ordinary level."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tldr_fusion_detector.domain.profile.calibration import Calibration
from tldr_fusion_detector.domain.signals.baseline import Windows, level_and_spread
from tldr_fusion_detector.domain.signals.signals import Floats, SignalTraits
from tldr_fusion_detector.domain.signals.smoothing import smooth, smooth_messages

USUAL: Final = " usual"
"""How the name ends under which a signal's ordinary mean over messages is remembered."""


@dataclass(frozen=True, slots=True, eq=False)
class Normalised:
    """All (n,), NaN where the signal is missing.

    `z`: robust standard deviations above the baseline, within the calibration's bounds. `value` and `baseline`: the
    smoothed figure and the ordinary level, in the signal's own unit.
    """

    z: Floats
    value: Floats
    baseline: Floats

    def later(self, lag_s: NDArray[np.int64], hold_s: int = 0) -> "Normalised":
        """What is read `lag_s[t]` seconds after each second t; the last figure stands for `hold_s` more, then it is missing."""
        index = np.arange(len(self.z)) + lag_s
        known = index < len(self.z) + hold_s
        index = np.minimum(index, len(self.z) - 1)
        return Normalised(*(np.where(known, part[index], np.nan) for part in (self.z, self.value, self.baseline)))

    def where(self, keep: NDArray[np.bool_], other: "Normalised") -> "Normalised":
        """This where `keep` holds, the other elsewhere."""
        return Normalised(
            np.where(keep, self.z, other.z),
            np.where(keep, self.value, other.value),
            np.where(keep, self.baseline, other.baseline),
        )


def normalise(
    raw: Floats,
    traits: SignalTraits,
    over: Windows,
    calibration: Calibration,
    *,
    kernel: Floats,
    messages: Floats | None = None,
    signal: str = "",
    smoothing: str = "",
) -> Normalised:
    """Smooth, then subtract the ordinary level and divide by the robust spread, never by less than the signal's floor,
    nor than what chance does to the mean of so few messages.

    `raw` (n,) in its own unit; `kernel` of odd length; `messages` (n,) weighs signals that are means over messages. Flat
    series give 0. A window without figures, or with dead air only, takes the last level before it; where there is none
    the signal counts as missing. `signal` and `smoothing`: under which names its ordinary figures are remembered.
    """
    chance, unsteady = np.zeros(len(raw)), np.ones(len(raw))
    if traits.message_deviation is not None and messages is not None:
        mean = over.each(f"{signal}{USUAL}", lambda part: ordinary_mean(raw, messages, part)[:, None])
        usual = over.spread(mean[:, 0], len(raw))
        smoothed, chance = smooth_messages(raw, messages, usual, calibration.prior_messages, kernel)
        smoothed = traits.scale.of(smoothed)
        chance *= traits.message_deviation(usual)
    else:
        smoothed, unsteady = smooth(traits.scale.of(raw), kernel)
    key = f"{signal} {smoothing}"
    return standardise(smoothed, traits, over, calibration, chance=chance, unsteady=unsteady, key=key)


def standardise(
    smoothed: Floats,
    traits: SignalTraits,
    over: Windows,
    calibration: Calibration,
    *,
    chance: Floats | float = 0.0,
    unsteady: Floats | float = 1.0,
    key: str = "",
) -> Normalised:
    """A smoothed series (n,) on the signal's scale, against its ordinary level; `normalise` says how."""
    heard = _without_dead_air(smoothed, traits)
    cells = over.each(key, lambda part: np.stack(level_and_spread(heard, part, calibration), axis=1), hold=True)
    level, spread = over.spread(cells, len(smoothed)).T
    spread = np.maximum(
        np.maximum(spread * unsteady, chance), np.maximum(traits.floor, traits.relative_floor * np.abs(level))
    )
    spread *= over.spread(over.doubt, len(smoothed))
    z = np.clip((smoothed - level) / spread, calibration.z_least, calibration.z_most)
    return Normalised(z, traits.scale.back(smoothed), traits.scale.back(level))


def _without_dead_air(smoothed: Floats, traits: SignalTraits) -> Floats:
    """Dead air says nothing of the ordinary level."""
    return smoothed if traits.silent_at is None else np.where(smoothed > traits.silent_at, smoothed, np.nan)


def ordinary_mean(means: Floats, messages: Floats, over: Windows) -> Floats:
    """Mean over all messages of each window; 0 where nobody wrote."""
    wrote = np.isfinite(means) & (messages > 0)
    counts = np.where(wrote, messages, 0.0)
    written, summed = over.sums(np.stack((counts, np.where(wrote, counts * means, 0.0)), axis=1)).T
    mean: Floats = np.zeros(len(written))
    np.divide(summed, written, out=mean, where=written > 0)
    return mean
