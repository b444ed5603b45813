"""A series' ordinary level and spread, from a window of the stream around or before each second."""

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from tldr_fusion_detector.domain.profile.calibration import Calibration
from tldr_fusion_detector.domain.signals.signals import Floats

# Moments fill up to two fifths of a short stream once smoothed, and they only add. So the level is a little below the
# median and the spread is measured beneath it; for normal noise the distance of these quantiles is 0.741 sigma.
LEVEL_QUANTILE = 0.40
LOW_QUANTILE = 0.16
QUANTILES_TO_SIGMA = 1.0 / 0.741


class Mode(StrEnum):
    """`live`: only the past counts, after a warm-up that shares one baseline. `recorded`: what follows counts too."""

    LIVE = "live"
    RECORDED = "recorded"


def warm_s(calibration: Calibration) -> int:
    """Seconds of a live stream from which on its first baseline no longer moves: the widest smoothing reads beyond it."""
    return calibration.live_warm_up + math.ceil(calibration.reach * calibration.chat_sigma_most)


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """Cell i covers seconds [i * step, (i + 1) * step) and looks at [starts[i], ends[i]).

    `doubt` >= 1: by how much more a figure may differ from what the window shows, because the window is short.
    """

    step: int
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    doubt: Floats

    def spread(self, per_cell: Floats, length_s: int) -> Floats:
        """Each second's value from its cell's, (length_s,); also of several columns at once."""
        return np.repeat(per_cell, self.step, axis=0)[:length_s]


def windows(length_s: int, mode: Mode, calibration: Calibration) -> Windows:
    """The windows of a stream so far; on live streams a cell's window never changes once warm-up and cell are past."""
    step = calibration.live_step if mode is Mode.LIVE else calibration.recorded_step
    first = np.arange(0, max(length_s, 1), step, dtype=np.int64)
    if mode is Mode.LIVE:
        ends = np.minimum(np.maximum(first, calibration.live_warm_up), length_s)
        starts = np.maximum(ends - calibration.live_window, 0)
        # A level from n independent figures errs by the root of 1/n of their spread; figures of a chat or a game are
        # independent after some minutes only.
        doubt = np.sqrt(1.0 + calibration.live_doubt / np.maximum(ends - starts, 1))
        return Windows(step, starts, ends, doubt)
    half = calibration.recorded_window // 2
    last_start = max(length_s - calibration.recorded_window, 0)
    starts = np.clip(first + step // 2 - half, 0, last_start)
    ends = np.minimum(starts + calibration.recorded_window, length_s)
    return Windows(step, starts, ends, np.ones(len(first)))


def level_and_spread(values: Floats, over: Windows, calibration: Calibration) -> tuple[Floats, Floats]:
    """Ordinary level (0.40 quantile) and robust standard deviation for each cell, from the quiet half of its window.

    `values` (n,) may hold NaN, which counts for nothing; NaN comes back where a window has too few figures.
    """
    width = int((over.ends - over.starts).max(initial=0))
    # Windows are anchored at multiples of the stride, so that a longer stream reads the same figures.
    offsets = np.arange(0, width + calibration.stride, calibration.stride)
    index = (over.starts // calibration.stride * calibration.stride)[:, None] + offsets[None, :]
    inside = (index < over.ends[:, None]) & (index < len(values))
    gathered = np.where(inside, values[np.minimum(index, len(values) - 1)], np.nan)
    ordered = np.sort(gathered, axis=1)  # NaN sorts last
    counts = np.isfinite(gathered).sum(axis=1)
    level = _quantile(ordered, counts, LEVEL_QUANTILE)
    spread = QUANTILES_TO_SIGMA * (level - _quantile(ordered, counts, LOW_QUANTILE))
    unknown = counts * calibration.stride < calibration.least_seconds
    level[unknown] = np.nan
    spread[unknown] = np.nan
    return level, spread


def _quantile(ordered: Floats, counts: NDArray[np.int64], share: float) -> Floats:
    """Quantile of each row's first `counts` sorted figures, between neighbours by straight line."""
    last = np.maximum(counts - 1, 0)
    place = last * share
    low = np.floor(place).astype(np.int64)
    line = np.arange(len(ordered))
    below, above = ordered[line, low], ordered[line, np.minimum(low + 1, last)]
    quantile: Floats = below + (place - low) * (above - below)
    return quantile
