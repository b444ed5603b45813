"""A series' ordinary level and spread, from a window of the stream around or before each second."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from tldr_fusion_detector.domain.profile.calibration import Calibration
from tldr_fusion_detector.domain.signals.cell_memory import CellMemory
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
    `by_cell`: windows begin and end with cells. `memory`: what cells said that were looked at before, by key; of a part of
    a stream, whose second 0 begins a cell.
    """

    step: int
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    doubt: Floats
    by_cell: bool = False
    memory: CellMemory | None = None

    def spread(self, per_cell: Floats, length_s: int) -> Floats:
        """Each second's value from its cell's, (length_s,); also of several columns at once."""
        return np.repeat(per_cell, self.step, axis=0)[:length_s]

    def each(self, key: str, compute: "Callable[[Windows], Floats]", *, hold: bool = False) -> Floats:
        """What `compute` says of each cell, (cells, k), or what is remembered of it under `key`.

        `hold`: a cell of which nothing is known, its first figure is NaN, repeats the one before it; never a later one,
        which a live stream could not know.
        """
        if self.memory is None:
            found = compute(self)
            return held(found) if hold else found
        at = self.memory.to_compute
        part = Windows(self.step, self.starts[at], self.ends[at], self.doubt[at], self.by_cell)
        return self.memory.of(key, lambda: compute(part), held if hold else None)

    def sums(self, values: Floats) -> Floats:
        """The sum of each window over the first axis of `values` (n, k), (cells, k).

        Windows of live streams are added cell by cell, so that it does not matter where the series begins; others by running
        sums.
        """
        if not self.by_cell:
            running = np.concatenate((np.zeros((1, values.shape[1])), np.cumsum(values, axis=0)))
            return np.asarray(running[self.ends] - running[self.starts])
        cells = -(-len(values) // self.step)
        padded = np.zeros((cells * self.step, values.shape[1]))
        padded[: len(values)] = values
        # The last of a running sum, since it is added up second by second, whatever the shapes are.
        summed = np.cumsum(padded.reshape(cells, self.step, -1), axis=1)[:, -1]
        first, end = self.starts // self.step, -(-self.ends // self.step)
        index = first[:, None] + np.arange(max(int((end - first).max(initial=0)), 1))
        inside = (index < end[:, None])[:, :, None]
        gathered = np.where(inside, summed[np.minimum(index, cells - 1)], 0.0)
        return np.asarray(np.cumsum(gathered, axis=1)[:, -1])


def held(values: Floats) -> Floats:
    """Rows of which the first figure is NaN replaced by the last row before them that has one."""
    known = np.isfinite(values[:, 0])
    return np.asarray(values[np.maximum.accumulate(np.where(known, np.arange(len(values)), 0))])


def windows(
    length_s: int, mode: Mode, calibration: Calibration, start_s: int = 0, memory: CellMemory | None = None
) -> Windows:
    """The windows of a stream so far; on live streams a cell's window never changes once warm-up and cell are past.

    `start_s`, `memory`: of a live stream, those of seconds [start_s, start_s + length_s), counted from `start_s`.
    """
    step = calibration.live_step if mode is Mode.LIVE else calibration.recorded_step
    first = np.arange(start_s, start_s + max(length_s, 1), step, dtype=np.int64)
    if mode is Mode.LIVE:
        ends = np.minimum(np.maximum(first, calibration.live_warm_up), start_s + length_s)
        starts = np.maximum(ends - calibration.live_window, 0)
        # A level from n independent figures errs by the root of 1/n of their spread; figures of a chat or a game are
        # independent after some minutes only.
        doubt = np.sqrt(1.0 + calibration.live_doubt / np.maximum(ends - starts, 1))
        return Windows(step, starts - start_s, ends - start_s, doubt, by_cell=True, memory=memory)
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
