"""Live detection as it would have been: each second is judged by what was known half a minute after it."""

from collections.abc import Callable, Mapping

import numpy as np

from tldr_fusion_detector.domain.detection import Detection
from tldr_fusion_detector.domain.timeline import Timeline
from tldrctl.evaluation.prediction import Prediction, Segment, segment_of

LOOK_AHEAD_S = 30
"""How far behind a moment live detection may be."""
BLOCK_S = 5
"""The detector looks so often: a second's figures rest on 26 to 30 s of what follows it, never on more."""


def as_it_came(timeline: Timeline, length_s: int, look: Callable[[Timeline], Detection], shortest_s: int) -> Prediction:
    """Scores and segments of the first `length_s` seconds, none of them revised later.

    At each look the next block of seconds is settled: their scores, and whether they lie in a highlight. What is so left
    of highlights that changed between two looks is dropped where it is shorter than `shortest_s`.
    """
    scores = np.zeros(length_s)
    within: dict[int, Segment] = {}
    for first in range(0, length_s, BLOCK_S):
        end = min(first + BLOCK_S, length_s)
        seen = look(timeline.until(first + LOOK_AHEAD_S))
        scores[first:end] = seen.scores[first:end]
        for highlight in seen.highlights:
            segment = segment_of(highlight, length_s)
            if segment is not None:
                settled = range(max(first, segment.first_s), min(end, segment.last_s + 1))
                within.update(dict.fromkeys(settled, segment))
    return Prediction(scores, _segments(within, shortest_s))


def _segments(within: Mapping[int, Segment], shortest_s: int) -> tuple[Segment, ...]:
    """Seconds that follow one another are one segment, as sure as the best of it was."""
    runs: list[Segment] = []
    for second, seen in sorted(within.items(), key=lambda item: item[0]):
        first_s, best = second, seen
        if runs and runs[-1].last_s == second - 1:
            before = runs.pop()
            first_s, best = before.first_s, max(before, seen, key=lambda segment: segment.score)
        runs.append(Segment(first_s, second, best.score, best.confidence))
    return tuple(run for run in runs if run.last_s + 1 - run.first_s >= shortest_s)
