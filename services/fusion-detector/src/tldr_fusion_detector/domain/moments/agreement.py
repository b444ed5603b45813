"""How near scores and intervals come to what people kept. Each figure is a share, 0..1; intervals are [first, end)."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tldr_fusion_detector.domain.signals.signals import Floats

Inside = NDArray[np.bool_]
Span = tuple[int, int]


def average_precision(inside: Inside, score: Floats) -> float:
    """Mean, over the true seconds, of the share of true ones among all that rank as high; equals rank in order of time.

    0 where nothing is true.
    """
    ranked = inside[np.argsort(-score, kind="stable")]
    places = np.flatnonzero(ranked) + 1
    return float((np.arange(1, len(places) + 1) / places).mean()) if len(places) else 0.0


def matched(found: Sequence[Span], true: Sequence[Span], at_least: float) -> list[tuple[int, int]]:
    """Indexes of intervals that belong together, one to one: greatest IoU first, none below `at_least` (above 0)."""
    pairs = sorted(
        (-overlap, i, j)
        for i, one in enumerate(found)
        for j, other in enumerate(true)
        if (overlap := intersection_over_union(one, other)) >= at_least
    )
    taken: dict[int, int] = {}
    for _, i, j in pairs:
        if i not in taken and j not in taken.values():
            taken[i] = j
    return sorted(taken.items())


def intersection_over_union(one: Span, other: Span) -> float:
    """Of two intervals, neither empty."""
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return max(shared, 0) / (max(one[1], other[1]) - min(one[0], other[0]))


def pooled_f1(counts: Sequence[tuple[int, int, int]]) -> float:
    """Harmonic mean of precision and recall of all streams together; 0 where nothing is found or true.

    `counts`: for each stream what is right, what was found, what is true.
    """
    right, found, true = (sum(column) for column in zip(*counts, strict=True))
    return 2 * right / (found + true) if found + true else 0.0
