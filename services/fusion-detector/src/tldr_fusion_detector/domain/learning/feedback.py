"""Confidence learned from verdicts: Platt scaling with a prior, taken only where it pays on verdicts it has not seen.

Platt (1999), "Probabilistic outputs for support vector machines": p = sigmoid(a * logit(c) + b). Here a and b have
Gaussian priors around leaving the confidence as it is, and are found by Newton's method.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tldr_fusion_detector.domain.moments.detection import Detection
from tldr_fusion_detector.domain.signals.signals import Floats

LEAST_VERDICTS = 30
LEAST_OF_EACH = 8
FOLDS = 5
# The prior: slope N(1, 0.5^2), intercept N(0, 1).
_MEAN = np.array([1.0, 0.0])
_VARIANCE = np.array([0.25, 1.0])
# Above zero, so that confidence never falls where it rose, and what it was can be read back.
LEAST_SLOPE = 0.05
_SURE = 1e-9


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict on a highlight, with the confidence that detection gave it before any recalibration."""

    highlight: str
    confidence: float
    accepted: bool


@dataclass(frozen=True, slots=True)
class Recalibration:
    """`gain`: by how much it lowered the log-loss (nats a verdict) of verdicts that were held out.

    `version` is given when it is put into force.
    """

    slope: float
    intercept: float
    verdicts: int
    gain: float
    version: int = 0

    def __call__(self, confidence: float) -> float:
        """A confidence in [0, 1], never lower for a higher one."""
        return float(_sigmoid(self.slope * _logit(confidence) + self.intercept))

    def undo(self, published: float) -> float:
        """The confidence from which this made `published`, up to rounding."""
        return float(_sigmoid((_logit(published) - self.intercept) / self.slope))


def recalibrated(detection: Detection, by: Recalibration | None) -> Detection:
    """The same highlights with confidences as this organization would have them; scores do not change."""
    if by is None:
        return detection
    highlights = tuple(replace(found, confidence=by(found.confidence)) for found in detection.highlights)
    return replace(detection, highlights=highlights)


def learn(verdicts: Sequence[Judged]) -> Recalibration | None:
    """What verdicts teach, the same in whatever order they come; None where that is not enough.

    On held-out verdicts (`FOLDS` folds, by the highlight's id) it must beat the confidence as it was, and the plain share of
    accepted ones, each by more than a standard error of the differences. The second keeps out verdicts that have nothing
    to do with the confidence: of them nothing can be learned of single moments.
    """
    ordered = sorted(verdicts, key=lambda one: one.highlight)
    accepted = sum(one.accepted for one in ordered)
    if len(ordered) < LEAST_VERDICTS or min(accepted, len(ordered) - accepted) < LEAST_OF_EACH:
        return None
    x = _logit(np.array([one.confidence for one in ordered]))
    y = np.array([float(one.accepted) for one in ordered])
    fitted, share = _held_out(x, y, np.array([_fold(one.highlight) for one in ordered]))
    gained = _loss(x, y) - fitted
    if not (_convincing(gained) and _convincing(share - fitted)):
        return None
    slope, intercept = _fit(x, y)
    return Recalibration(slope, intercept, len(ordered), float(gained.mean()))


def _held_out(x: Floats, y: Floats, folds: Floats) -> tuple[Floats, Floats]:
    """Log-loss of each verdict (n,) under what the other folds teach, and under their share of accepted ones."""
    fitted, share = np.empty(len(x)), np.empty(len(x))
    for fold in range(FOLDS):
        held = folds == fold
        slope, intercept = _fit(x[~held], y[~held])
        fitted[held] = _loss(slope * x[held] + intercept, y[held])
        accepted, seen = y[~held].sum(), (~held).sum()
        share[held] = _loss(np.log((accepted + 1.0) / (seen - accepted + 1.0)), y[held])
    return fitted, share


def _fit(x: Floats, y: Floats) -> tuple[float, float]:
    """Slope and intercept of the greatest posterior, the slope at least `LEAST_SLOPE`; x (n,) logits, y (n,) 0 or 1."""
    slope, intercept = _newton(np.column_stack([x, np.ones(len(x))]), np.zeros(len(x)), y, _MEAN, _VARIANCE)
    if slope < LEAST_SLOPE:
        (intercept,) = _newton(np.ones((len(x), 1)), LEAST_SLOPE * x, y, _MEAN[1:], _VARIANCE[1:])
        slope = LEAST_SLOPE
    return float(slope), float(intercept)


def _newton(design: Floats, offset: Floats, y: Floats, mean: Floats, variance: Floats) -> Floats:
    """Logistic regression with a Gaussian prior on each weight: a convex sum, so halved steps always get there."""

    def badness(at: Floats) -> float:
        prior: float = ((at - mean) ** 2 / variance).sum() / 2.0
        return float(_loss(design @ at + offset, y).sum()) + prior

    weights, now = mean, badness(mean)
    for _ in range(100):
        likely = _sigmoid(design @ weights + offset)
        gradient = design.T @ (likely - y) + (weights - mean) / variance
        curvature = (design * (likely * (1.0 - likely))[:, None]).T @ design + np.diag(1.0 / variance)
        step = np.linalg.solve(curvature, gradient)
        after = badness(weights - step)
        while after > now and np.abs(step).max() > _SURE:
            step = step / 2.0
            after = badness(weights - step)
        if after > now or np.abs(step).max() <= _SURE:
            break
        weights, now = weights - step, after
    return weights


def _convincing(gained: Floats) -> bool:
    return bool(gained.mean() > gained.std(ddof=1) / np.sqrt(len(gained)))


def _loss(logits: Floats, y: Floats) -> Floats:
    """Log-loss of each verdict, in nats."""
    loss: Floats = np.logaddexp(0.0, logits) - y * logits
    return loss


def _fold(highlight: str) -> int:
    return hashlib.sha256(highlight.encode()).digest()[0] % FOLDS


def _logit(confidence: Floats | float) -> Floats:
    held = np.clip(confidence, _SURE, 1.0 - _SURE)
    logits: Floats = np.log(held) - np.log1p(-held)
    return logits


def _sigmoid(logits: Floats) -> Floats:
    likely: Floats = 0.5 * (1.0 + np.tanh(0.5 * logits))
    return likely
