"""Motion measured between decoded pictures, on one scale whatever the time between them."""

import numpy as np
from numpy.typing import NDArray

from tldr_video_analysis.domain.pictures.pictures import Pictures, change

LAG_US = 80_000
LONGEST_LAG_US = 2_000_000
REFERENCE_LAG_US = 100_000
# Change grows with the lag to this power. Measured between 33 and 267 ms: 0.74..0.84 on mixed footage.
LAG_EXPONENT = 0.8
HIGHEST = 255.0


def motion_of_pairs(pictures: Pictures, cuts_us: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Time of the later picture and motion of each pair at least 80 ms apart; pairs across a cut are left out.

    Motion is the mean absolute luma change for a lag of 100 ms, as a rate per second: 10 |d| (100 ms / lag)^0.8, at most
    255.
    """
    at = pictures.at_us
    after = np.searchsorted(at, at + LAG_US)
    before = np.flatnonzero(after < len(at))
    after = after[before]
    lag = at[after] - at[before]
    across = np.searchsorted(cuts_us, at[after], "right") != np.searchsorted(cuts_us, at[before], "right")
    kept = (lag <= LONGEST_LAG_US) & ~across
    before, after, lag = before[kept], after[kept], lag[kept]
    moved = np.array([float(change(pictures.luma[i], pictures.luma[j])) for i, j in zip(before, after, strict=True)])
    return at[after], on_scale(moved, lag)


def on_scale(moved: NDArray[np.float64], lag_us: NDArray[np.int64]) -> NDArray[np.float64]:
    """Motion of changes (0..255) over lags in microseconds."""
    return np.minimum(10.0 * moved * (REFERENCE_LAG_US / lag_us) ** LAG_EXPONENT, HIGHEST)


def motion_per_second(
    at_us: NDArray[np.int64], motion: NDArray[np.float64], first_second: int, seconds: int
) -> NDArray[np.float64]:
    """The mean of the pairs that end in each second; NaN where none does."""
    at = at_us // 1_000_000 - first_second
    inside = (at >= 0) & (at < seconds)
    count = np.bincount(at[inside], minlength=seconds)
    total = np.bincount(at[inside], weights=motion[inside], minlength=seconds)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
