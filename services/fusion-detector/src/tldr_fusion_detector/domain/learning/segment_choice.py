"""Chooses the rule by which a trained score becomes segments: the one whose segments come nearest to what people kept."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from typing import Final

import numpy as np

from tldr_fusion_detector.domain.moments.agreement import Inside, Span, matched, pooled_f1
from tldr_fusion_detector.domain.moments.trained_moments import trained_segments
from tldr_fusion_detector.domain.profile.profile import Processing
from tldr_fusion_detector.domain.scoring.scorer.segments import SegmentRule
from tldr_fusion_detector.domain.signals.signals import Floats

MATCHES_FROM: Final = 0.3
_ENTER: Final = tuple(np.arange(0.16, 0.6, 0.03).round(2).tolist())
_STAY: Final = (1.0, 0.9, 0.8, 0.7)
_MERGE_S: Final = (0, 1, 2, 3, 5)
_LEAST_S: Final = (4, 6, 8, 10, 12)


def choose_rule(scores: Sequence[Floats], truth: Sequence[Inside], processing: Processing) -> SegmentRule:
    """The rule with the best mean of both figures over all streams; thresholds first, then lengths, twice over."""
    best = SegmentRule(0.4, 0.36, 2, 8)

    def goodness(rule: SegmentRule) -> float:
        return sum(agreement(rule, scores, truth, processing))

    for _ in range(2):
        thresholds = [replace(best, enter=enter, stay=round(enter * stay, 4)) for enter, stay in product(_ENTER, _STAY)]
        best = max(thresholds, key=goodness)
        lengths = [replace(best, merge_s=merge_s, least_s=least_s) for merge_s, least_s in product(_MERGE_S, _LEAST_S)]
        best = max(lengths, key=goodness)
    return best


def agreement(
    rule: SegmentRule, scores: Sequence[Floats], truth: Sequence[Inside], processing: Processing
) -> tuple[float, float]:
    """F1 of the seconds, and of the intervals at an IoU of 0.3, over all streams together, 0..1."""
    seconds, intervals = [], []
    for score, inside in zip(scores, truth, strict=True):
        found = trained_segments(rule, score, processing)
        chosen = np.zeros(len(inside), np.bool_)
        for first, end in found:
            chosen[first:end] = True
        true = runs(inside)
        seconds.append((int((chosen & inside).sum()), int(chosen.sum()), int(inside.sum())))
        intervals.append((len(matched(found, true, MATCHES_FROM)), len(found), len(true)))
    return pooled_f1(seconds), pooled_f1(intervals)


def runs(inside: Inside) -> list[Span]:
    """[first, end) of each stretch of true seconds."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], inside.astype(np.int8), [0]))))
    return [(first, end) for first, end in edges.reshape(-1, 2).tolist()]
