"""Raw series become robust standard deviations above the stream's own ordinary level."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tldr_fusion_detector.domain.profile.calibration import Calibration
from tldr_fusion_detector.domain.signals.baseline import Windows, level_and_spread
from tldr_fusion_detector.domain.signals.signals import Floats, SignalTraits
from tldr_fusion_detector.domain.signals.smoothing import smooth, smooth_messages


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
) -> Normalised:
    """Smooth, then subtract the ordinary level and divide by the robust spread, never by less than the signal's floor,
    nor than what chance does to the mean of so few messages.

    `raw` (n,) in its own unit; `kernel` of odd length; `messages` (n,) weighs signals that are means over messages. Flat
    series give 0. A window without figures, or with dead air only, takes the last level before it; where there is none
    the signal counts as missing.
    """
    chance, unsteady = np.zeros(len(raw)), np.ones(len(raw))
    if traits.message_deviation is not None and messages is not None:
        usual = over.spread(ordinary_mean(raw, messages, over), len(raw))
        smoothed, chance = smooth_messages(raw, messages, usual, calibration.prior_messages, kernel)
        smoothed = traits.scale.of(smoothed)
        chance *= traits.message_deviation(usual)
    else:
        smoothed, unsteady = smooth(traits.scale.of(raw), kernel)
    return standardise(smoothed, traits, over, calibration, chance=chance, unsteady=unsteady)


def standardise(
    smoothed: Floats,
    traits: SignalTraits,
    over: Windows,
    calibration: Calibration,
    *,
    chance: Floats | float = 0.0,
    unsteady: Floats | float = 1.0,
) -> Normalised:
    """A smoothed series (n,) on the signal's scale, against its ordinary level; `normalise` says how."""
    level, spread = level_and_spread(_without_dead_air(smoothed, traits), over, calibration)
    level = _hold(over.spread(level, len(smoothed)))
    spread = _hold(over.spread(spread, len(smoothed)))
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
    """Mean over all messages of each window; 0 where nobody wrote. Running sums, so a longer stream repeats them."""
    wrote = np.isfinite(means) & (messages > 0)
    counts = np.where(wrote, messages, 0.0)
    total = np.concatenate(([0.0], np.cumsum(counts)))
    summed = np.concatenate(([0.0], np.cumsum(np.where(wrote, counts * means, 0.0))))
    written = total[over.ends] - total[over.starts]
    mean: Floats = np.zeros(len(written))
    np.divide(summed[over.ends] - summed[over.starts], written, out=mean, where=written > 0)
    return mean


def _hold(values: Floats) -> Floats:
    """NaN replaced by the last figure before it; never by a later one, which a live stream could not know."""
    known = np.isfinite(values)
    return values[np.maximum.accumulate(np.where(known, np.arange(len(values)), 0))]
