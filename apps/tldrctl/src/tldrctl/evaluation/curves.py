"""The curves behind the plots: precision over recall, reliability of confidence, and lags that were planted."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tldr_fusion_detector.domain.profile.calibration import DEFAULT_CALIBRATION
from tldr_fusion_detector.domain.signals.reaction_lag import Lag, estimate_lag
from tldr_fusion_detector.domain.signals.signals import Floats
from tldr_fusion_detector.domain.signals.smoothing import gaussian, smooth
from tldrctl.evaluation.games import Interval
from tldrctl.evaluation.metric import matched, seconds_inside
from tldrctl.evaluation.prediction import Prediction

MATCHES_FROM = 0.3
"""The IoU from which a predicted interval is one that people kept."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Highlights of about the same confidence: its mean, the share that people kept, and how many there are."""

    confidence: float
    kept: float
    count: int


def precision_and_recall(
    truth: Sequence[Sequence[Interval]], predictions: Sequence[Prediction]
) -> tuple[Floats, Floats]:
    """Both (n,) over the seconds of all games together, from the highest score down."""
    scores = np.concatenate([prediction.scores for prediction in predictions])
    inside = np.concatenate([seconds_inside(t, len(p.scores)) for t, p in zip(truth, predictions, strict=True)])
    hits = np.cumsum(inside[np.argsort(-scores, kind="stable")])
    return hits / np.arange(1, len(hits) + 1), hits / max(int(hits[-1]), 1)


def reliability(
    truth: Sequence[Sequence[Interval]], predictions: Sequence[Prediction], most_bins: int = 8
) -> tuple[Bin, ...]:
    """Predicted highlights by confidence in bins of equal count, at least ten in each; none where there are none."""
    confidences, kept = [], []
    for true, prediction in zip(truth, predictions, strict=True):
        right = {i for i, _ in matched([segment.interval for segment in prediction.segments], true, MATCHES_FROM)}
        confidences += [segment.confidence for segment in prediction.segments]
        kept += [float(i in right) for i in range(len(prediction.segments))]
    order = np.argsort(confidences, kind="stable")
    parts = np.array_split(order, max(1, min(most_bins, len(order) // 10)))
    by_confidence, by_verdict = np.array(confidences), np.array(kept)
    return tuple(
        Bin(float(by_confidence[part].mean()), float(by_verdict[part].mean()), len(part)) for part in parts if len(part)
    )


def calibration_error(bins: Sequence[Bin]) -> float:
    """Expected calibration error: how far confidence is from the share kept, on average over highlights."""
    count = sum(one.count for one in bins)
    return sum(one.count * abs(one.confidence - one.kept) for one in bins) / count if count else 0.0


def planted_lag(seed: int, lag_s: int, length_s: int = 1_800, moments: int = 25) -> Lag:
    """The lag estimated for a made-up stream whose chat is excited `lag_s` after picture and sound are."""
    rng = np.random.default_rng(seed)
    media, chat = rng.normal(0, 1, length_s), rng.normal(0, 1, length_s)
    for start in rng.choice(np.arange(20, length_s - 60), moments, replace=False):
        length = int(rng.integers(6, 15))
        media[start : start + length] += 3
        chat[start + lag_s : start + lag_s + length] += 3
    kernel = gaussian(DEFAULT_CALIBRATION.media_sigma, DEFAULT_CALIBRATION.reach)
    return estimate_lag(smooth(np.abs(media), kernel)[0], smooth(np.abs(chat), kernel)[0], DEFAULT_CALIBRATION)
