"""Which ranges deserve the dear pass: every picture that others refer to decoded, from a keyframe on."""

from collections.abc import Iterable
from itertools import chain, pairwise, zip_longest

import numpy as np
from numpy.typing import NDArray

from tldr_video_analysis.domain.pictures.cut_hints import CutHint

# Medians and their deviations over a batch of half a minute: a second this far out is an event, not its usual spread.
EVENTFUL = 2.0
LEAST_LOG_RATE_SPREAD = 0.2
LEAST_LOUDNESS_SPREAD = 2.0
LONG_WITHOUT_KEYFRAME_US = 3_000_000
WORTH_IT_US = 500_000
USUAL_DISTANCE_S = 2.0
MOST_TIMES_SHARE = 4.0

Range = tuple[int, int]


def eventful_seconds(rate: NDArray[np.float64], loudness: NDArray[np.float64]) -> NDArray[np.intp]:
    """Indices of seconds whose rate of change or loudness stands out of the batch, the most eventful first.

    `rate` in kbit/s, `loudness` in LUFS, both of shape (seconds,), NaN where unknown.
    """
    score = np.fmax(_outlying(np.log(rate + 1.0), LEAST_LOG_RATE_SPREAD), _outlying(loudness, LEAST_LOUDNESS_SPREAD))
    order = np.argsort(-np.nan_to_num(score, nan=-np.inf), kind="stable")
    return order[np.nan_to_num(score[order], nan=-np.inf) > EVENTFUL]


def unknown_ranges(keyframes_us: NDArray[np.int64], end_us: int) -> list[Range]:
    """Ranges of more than three seconds without a keyframe, the longest first: there, estimates have little to go by."""
    edges = np.append(keyframes_us[keyframes_us < end_us], end_us)
    ranges = [(int(start), int(end)) for start, end in pairwise(edges) if end - start > LONG_WITHOUT_KEYFRAME_US]
    return sorted(ranges, key=lambda between: between[0] - between[1])


def examined_time_us(share: float, seconds: int, keyframes: int) -> int:
    """How much of `seconds` with so many keyframes may be decoded: `share`, and more where keyframes are rare."""
    apart_s = seconds / max(keyframes, 1)
    return int(share * min(max(apart_s / USUAL_DISTANCE_S, 1.0), MOST_TIMES_SHARE) * seconds * 1_000_000)


def examined_ranges(
    hints: Iterable[CutHint],
    eventful_us: Iterable[Range],
    unknown_us: Iterable[Range],
    keyframes_us: NDArray[np.int64],
    budget_us: int,
) -> tuple[Range, ...]:
    """Disjoint ranges (keyframe, end) to decode, both ends included, of at most `budget_us` together.

    Takes the strongest hint and the most eventful second in turn, each with the way from the keyframe before it; what
    does not fit any more is passed over for what does. What is left goes to the beginnings of the unknown ranges.
    """
    strongest = sorted(hints, key=lambda hint: -hint.strength)
    wanted = [(hint.start_us, hint.end_us) for hint in strongest]
    chosen: tuple[Range, ...] = ()
    for candidate in chain.from_iterable(zip_longest(wanted, eventful_us)):
        if candidate is None:
            continue
        before = np.searchsorted(keyframes_us, candidate[0], "right") - 1
        if before >= 0:
            merged = _merged((*chosen, (int(keyframes_us[before]), candidate[1])))
            chosen = merged if _length(merged) <= budget_us else chosen
    for start, end in unknown_us:
        left = budget_us - _length(chosen)
        if left >= WORTH_IT_US:
            chosen = _merged((*chosen, (start, min(end, start + left))))
    return chosen


def _length(ranges: Iterable[Range]) -> int:
    return sum(end - start for start, end in ranges)


def _outlying(values: NDArray[np.float64], least_spread: float) -> NDArray[np.float64]:
    known = values[~np.isnan(values)]
    if not len(known):
        return np.full(len(values), np.nan)
    middle = float(np.median(known))
    spread = 1.4826 * float(np.median(np.abs(known - middle)))
    return (values - middle) / max(spread, least_spread)


def _merged(ranges: Iterable[Range]) -> tuple[Range, ...]:
    merged: list[Range] = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
