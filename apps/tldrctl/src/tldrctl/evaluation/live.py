"""Live detection as it would have been: each second is judged by what was known half a minute after it."""

from collections.abc import Callable, Mapping

import numpy as np

from tldr_fusion_detector.domain.moments.detection import Detection
from tldr_fusion_detector.domain.profile.calibration import DEFAULT_CALIBRATION
from tldr_fusion_detector.domain.signals.baseline import warm_s
from tldr_fusion_detector.domain.signals.timeline import Timeline
from tldrctl.evaluation.prediction import Prediction, Segment, segment_of

LOOK_AHEAD_S = 30
"""How far behind a second, once it is over, live detection may be."""
BLOCK_S = 5
"""So often is looked where settled figures still change: they rest on 26 to 30 s of what follows, never on more."""


def as_it_came(timeline: Timeline, length_s: int, look: Callable[[Timeline], Detection], shortest_s: int) -> Prediction:
    """Scores and segments of the first `length_s` seconds, as they were then.

    After the warm-up a score that has settled never changes, so where it settles soon enough one look at the whole says
    all, with highlights as they were when they became final. Else each look settles a block of seconds: their scores, and
    whether they lie in a highlight; what is so left of highlights that changed between two looks is dropped where it is
    shorter than `shortest_s`.
    """
    scores = np.zeros(length_s)
    within: dict[int, Segment] = {}

    def settle(first: int, end: int, seen: Detection) -> None:
        scores[first:end] = seen.scores[first:end]
        for highlight in seen.highlights:
            segment = segment_of(highlight, length_s)
            if segment is not None:
                settled = range(max(first, segment.first_s), min(end, segment.last_s + 1))
                within.update(dict.fromkeys(settled, segment))

    whole = look(timeline)
    soon = whole.scores_settle_s <= LOOK_AHEAD_S
    changing_s = min(warm_s(DEFAULT_CALIBRATION) - LOOK_AHEAD_S, length_s) if soon else length_s
    for first in range(0, changing_s, BLOCK_S):
        settle(first, min(first + BLOCK_S, changing_s), look(timeline.until(first + 1 + LOOK_AHEAD_S)))
    settle(changing_s, length_s, whole)
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
