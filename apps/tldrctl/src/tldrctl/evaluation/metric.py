"""How near predictions come to what people kept. Each figure is a share, 0..1, over whole seconds."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tldr_fusion_detector.domain.moments import agreement
from tldr_fusion_detector.domain.moments.agreement import Inside
from tldr_fusion_detector.domain.signals.signals import Floats
from tldrctl.evaluation.games import Interval
from tldrctl.evaluation.prediction import Prediction

DRAWS = 2_000
Counts = tuple[int, int, int]
"""What is right, what was predicted, what is true."""


@dataclass(frozen=True, slots=True)
class Figures:
    """`ap_low`, `ap_high`: the middle 95 % of the mean over games drawn anew with replacement, 2,000 times."""

    games: int
    ap: float
    ap_low: float
    ap_high: float
    hit: float
    f1: float
    seg_f1_30: float
    seg_f1_50: float


def figures(truth: Sequence[Sequence[Interval]], predictions: Sequence[Prediction]) -> Figures:
    """All figures over some games, at least one; what is true and what is predicted in the same order."""
    pairs = list(zip(truth, predictions, strict=True))
    masks = [seconds_inside(kept, len(prediction.scores)) for kept, prediction in pairs]
    precisions = np.array([agreement.average_precision(m, p.scores) for m, p in zip(masks, predictions, strict=True)])
    hits = [best_clip_hits(mask, p.scores) for mask, p in zip(masks, predictions, strict=True)]
    chosen = [seconds_inside([s.interval for s in p.segments], len(p.scores)) for p in predictions]
    seconds = [(int((c & m).sum()), int(c.sum()), int(m.sum())) for c, m in zip(chosen, masks, strict=True)]
    low, high = _bootstrap(precisions)
    return Figures(
        games=len(pairs),
        ap=float(precisions.mean()),
        ap_low=low,
        ap_high=high,
        hit=float(np.mean(hits)),
        f1=agreement.pooled_f1(seconds),
        seg_f1_30=agreement.pooled_f1([_matches(kept, p, 0.3) for kept, p in pairs]),
        seg_f1_50=agreement.pooled_f1([_matches(kept, p, 0.5) for kept, p in pairs]),
    )


def best_clip_hits(inside: Inside, scores: Floats) -> bool:
    """Whether the best clip of two seconds (0-1, 2-3, …), by its higher score, holds a true second."""
    clips = len(inside) // 2
    if not clips:
        return False
    best = int(scores[: 2 * clips].reshape(clips, 2).max(axis=1).argmax())
    return bool(inside[2 * best : 2 * best + 2].any())


def matched(predicted: Sequence[Interval], true: Sequence[Interval], at_least: float) -> list[tuple[int, int]]:
    """See `agreement.matched`, for intervals whose last second lies inside."""
    found, kept = ([(first, last + 1) for first, last in intervals] for intervals in (predicted, true))
    return agreement.matched(found, kept, at_least)


def seconds_inside(intervals: Sequence[Interval], length_s: int) -> Inside:
    """(length_s,): whether each second lies in one of the intervals."""
    inside = np.zeros(length_s, dtype=np.bool_)
    for first, last in intervals:
        inside[max(first, 0) : last + 1] = True
    return inside


def _matches(kept: Sequence[Interval], prediction: Prediction, at_least: float) -> Counts:
    found = matched([segment.interval for segment in prediction.segments], kept, at_least)
    return len(found), len(prediction.segments), len(kept)


def _bootstrap(precisions: Floats) -> tuple[float, float]:
    drawn = np.random.default_rng(0).integers(0, len(precisions), (DRAWS, len(precisions)))
    low, high = np.percentile(precisions[drawn].mean(axis=1), [2.5, 97.5])
    return float(low), float(high)
