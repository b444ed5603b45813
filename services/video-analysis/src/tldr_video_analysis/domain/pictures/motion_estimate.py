"""Motion of seconds that were not decoded, from packet sizes calibrated on what was."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# What an encoder spends on change grows about in proportion to it; the batch's own measurements move the slope.
USUAL_SLOPE = 0.7
USUAL_SLOPE_WEIGHT = 2.0
STEEPEST = 2.5
SMALLEST_MOTION = 0.5
SMALLEST_RATE = 1.0


@dataclass(frozen=True, slots=True)
class Measured:
    """Motion measured at times (s), with the rate of change (kbit/s, `VideoPackets.change_rate`) around them."""

    at_s: NDArray[np.float64]
    motion: NDArray[np.float64]
    rate: NDArray[np.float64]


def estimate_motion(measured: Measured, at_s: NDArray[np.float64], rate: NDArray[np.float64]) -> NDArray[np.float64]:
    """Motion at times `at_s` with rates of change `rate`, on the scale of `measured`; NaN where nothing was measured.

    log(m + 0.5) = b log(r + 1) + e(t): the slope b is a least-squares fit, shrunk towards 0.7 and kept in [0, 2.5]; e is
    what remains of each measurement, interpolated linearly between their times and constant beyond them. The estimate
    thus meets each measurement where it was taken and follows the packet sizes in between.
    """
    if not len(measured.at_s):
        return np.full(len(at_s), np.nan)
    order = np.argsort(measured.at_s)
    x, y = np.log(measured.rate[order] + SMALLEST_RATE), np.log(measured.motion[order] + SMALLEST_MOTION)
    x0, y0 = float(np.median(x)), float(np.median(y))
    spread = float(np.square(x - x0).sum())
    slope = (float(((x - x0) * (y - y0)).sum()) + USUAL_SLOPE * USUAL_SLOPE_WEIGHT) / (spread + USUAL_SLOPE_WEIGHT)
    slope = min(max(slope, 0.0), STEEPEST)
    remainder = y - slope * x
    level = np.interp(at_s, measured.at_s[order], remainder)
    estimate = np.exp(level + slope * np.log(rate + SMALLEST_RATE)) - SMALLEST_MOTION
    return np.clip(estimate, 0.0, 255.0)
