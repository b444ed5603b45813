"""Hard cuts and sudden brightness jumps in a run of consecutive pictures."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tldr_video_analysis.domain.pictures.pictures import Luma, Pictures, change, similarity

LEAST_CHANGE = 8.0
CHANGE_OVER_USUAL = 3.0
# Measured on animation, screen recordings, hand-held and studio footage: cuts -0.1..0.4, fast movement from 0.55 up.
UNRELATED = 0.5
BRIGHTNESS_JUMP = 20.0
NEAR_US = 500_000
SAME_EVENT_US = 200_000


@dataclass(frozen=True, slots=True)
class Breaks:
    """Times of the first picture after each cut and after each brightness jump, in microseconds."""

    cuts_us: NDArray[np.int64]
    jumps_us: NDArray[np.int64]


def find_breaks(pictures: Pictures) -> Breaks:
    """Cuts and jumps of brightness between consecutive pictures.

    A cut changes the picture by at least 8 levels and 3 times what is usual within half a second, into an unrelated one
    (correlation below 0.5), for good: a picture that comes back within half a second was interrupted by a flash.
    """
    if len(pictures) < 2:
        return Breaks(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
    at, luma = pictures.at_us, pictures.luma
    moved = change(luma[:-1], luma[1:])
    brightness = luma.mean(axis=(1, 2), dtype=np.float64)
    cuts: list[int] = []
    for index in np.flatnonzero(moved >= LEAST_CHANGE) + 1:
        if _is_cut(at, luma, moved, int(index)):
            if cuts and at[index] - at[cuts[-1]] < SAME_EVENT_US:
                if moved[index - 1] > moved[cuts[-1] - 1]:
                    cuts[-1] = int(index)
                continue
            cuts.append(int(index))
    jumps = at[np.flatnonzero(np.abs(np.diff(brightness)) >= BRIGHTNESS_JUMP) + 1]
    cuts_us = at[cuts] if cuts else np.zeros(0, dtype=np.int64)
    apart = np.abs(jumps[:, None] - cuts_us[None, :]).min(axis=1, initial=2 * SAME_EVENT_US) >= SAME_EVENT_US
    return Breaks(cuts_us, jumps[apart])


def _is_cut(at: NDArray[np.int64], luma: Luma, moved: NDArray[np.float64], index: int) -> bool:
    size = moved[index - 1]
    low, high = np.searchsorted(at, (at[index] - NEAR_US, at[index] + NEAR_US + 1))
    usual = np.delete(moved[max(low - 1, 0) : high - 1], index - 1 - max(low - 1, 0))
    if len(usual) and size < CHANGE_OVER_USUAL * float(np.median(usual)):
        return False
    if similarity(luma[index - 1], luma[index]) >= UNRELATED:
        return False
    comes_back = change(luma[index - 1], luma[index + 1 : high]).min(initial=np.inf) < size / 2
    was_there = change(luma[low : index - 1], luma[index]).min(initial=np.inf) < size / 2
    return not comes_back and not was_there
