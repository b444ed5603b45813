"""Bits on one level across changes of coding: another resolution, quality or codec is no moment."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# What is usual of a coding is taken from so much of it, nearest to where it changes.
NEAR_US = 10_000_000
# A longer pause between two pictures is a hole, in which nothing was coded.
HOLE_US = 1_000_000
# Neighbours on a ladder of qualities differ by 2 to 4. More comes of a picture that stands still on one side: were that
# made up for, the first movement behind it would stand out of everything.
MOST = 8.0

Factors = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class CodedLevels:
    """Factors of shape (packets,) that bring bits to the level of the first packet's coding.

    `whole` is for all bits of a second, `moving` for the packets that are no keyframes: the two do not change alike.
    """

    whole: Factors
    moving: Factors


@dataclass(frozen=True, slots=True)
class _Rates:
    """Bytes a microsecond."""

    whole: float
    moving: float


def coded_levels(
    at_us: NDArray[np.int64], size: NDArray[np.int64], key: NDArray[np.bool_], coding: NDArray[np.int64]
) -> CodedLevels:
    """Levels of packets in decoding order; equal numbers in `coding` say that packets are coded alike.

    Where the coding changes, what follows is taken to be worth as much as what came before: the rates of ten seconds on
    both sides are made equal, as far as a factor of 8 does it. Moments are told from what is usual, so nothing is lost
    where the picture changed as well.
    """
    levels = CodedLevels(np.ones(len(at_us)), np.ones(len(at_us)))
    edges = [0, *(np.flatnonzero(np.diff(coding)) + 1), len(at_us)]
    apart_us = _keyframes_apart(at_us[key])
    for start, joint, end in zip(edges, edges[1:], edges[2:], strict=False):
        before, after = (
            _rates(at_us[side], size[side], key[side], apart_us)
            for side in (_near(at_us, start, joint, joint - 1), _near(at_us, joint, end, joint))
        )
        for factors, was, now in (
            (levels.whole, before.whole, after.whole),
            (levels.moving, before.moving, after.moving),
        ):
            factors[joint:] *= min(max(was / now, 1 / MOST), MOST) if was > 0 and now > 0 else 1.0
    return levels


def _near(at_us: NDArray[np.int64], start: int, end: int, joint: int) -> NDArray[np.intp]:
    """Of the packets [start, end), those shown within ten seconds of the packet `joint`."""
    return start + np.flatnonzero(np.abs(at_us[start:end] - at_us[joint]) < NEAR_US)


def _keyframes_apart(keyframes_us: NDArray[np.int64]) -> float:
    return float(np.median(np.diff(keyframes_us))) if len(keyframes_us) > 1 else np.inf


def _rates(at_us: NDArray[np.int64], size: NDArray[np.int64], key: NDArray[np.bool_], apart_us: float) -> _Rates:
    """What is coded in a time. Keyframes count by their usual distance: a few seconds may hold one of them by chance."""
    steps = np.diff(np.sort(at_us))
    # The last picture is shown for as long as the others.
    shown_us = float(np.minimum(steps, HOLE_US).sum() + (np.median(steps) if len(steps) else 0))
    if not shown_us:
        return _Rates(0.0, 0.0)
    moving = float(size[~key].sum()) / shown_us
    if key.sum() > 1:
        apart_us = _keyframes_apart(at_us[key])
    return _Rates(moving + (float(size[key].mean()) / apart_us if key.any() else 0.0), moving)
