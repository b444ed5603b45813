"""Peaks of a score: local maxima that stand out from what was before them."""

from dataclasses import dataclass

import numpy as np

from tldr_fusion_detector.domain.profile.calibration import Calibration
from tldr_fusion_detector.domain.signals.signals import Floats


@dataclass(frozen=True, slots=True)
class Peak:
    """A local maximum at second `at`; `prominence` is its height above the lowest score on the way to it."""

    at: int
    height: float
    prominence: float


def find_peaks(score: Floats, least_height: float, calibration: Calibration) -> tuple[Peak, ...]:
    """Peaks in order of time, for a score (n,) in [0, 1].

    A peak is the highest within `peak_radius` seconds (the first of equals) and rose by `least_prominence` of its
    height since the score was last higher, looked for in the last `prominence_window` seconds. Only the radius looks
    ahead, so a peak is settled soon on a live stream.
    """
    found = []
    for at in np.flatnonzero((score >= max(least_height, 1e-6)) & _highest_around(score, calibration.peak_radius)):
        height = float(score[at])
        prominence = height - _lowest_since_higher(score, int(at), calibration.prominence_window)
        if prominence >= calibration.least_prominence * height:
            found.append(Peak(int(at), height, prominence))
    return tuple(found)


def _highest_around(score: Floats, radius: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    padded = np.pad(score, radius, constant_values=-1.0)
    highest = np.ones(len(score), dtype=bool)
    for offset in range(1, radius + 1):
        highest &= score > padded[radius - offset : radius - offset + len(score)]
        highest &= score >= padded[radius + offset : radius + offset + len(score)]
    return highest


def _lowest_since_higher(score: Floats, at: int, window: int) -> float:
    """The least score between the last second that was higher and the peak; before the stream it was 0."""
    before = score[max(at - window, 0) : at]
    higher = np.flatnonzero(before > score[at])
    since = before[higher[-1] + 1 :] if len(higher) else before
    if at < window and not len(higher):
        return 0.0
    return float(since.min()) if len(since) else float(score[at])
