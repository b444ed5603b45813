"""Dimensions by rule: weighted normalised signals, squashed into [0, 1]; by a model: its own score."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tldr_fusion_detector.domain.profile.calibration import Calibration
from tldr_fusion_detector.domain.profile.profile import Dimension, ScoringMode
from tldr_fusion_detector.domain.signals.signals import Floats
from tldr_fusion_detector.domain.signals.vocabulary import LEARNED


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """A dimension over time, (n,) each.

    `score`: in [0, 1], NaN where none of its signals is present. `coverage`: the share of its weight that was
    present. `parts`: what each signal gave to the score; at every second they sum to it.
    """

    score: Floats
    coverage: Floats
    parts: Mapping[str, Floats]


# A channel that has taught nothing yet misses nothing, and what it teaches is one more opinion, not more evidence.
OPTIONAL = frozenset({LEARNED})
NO_DOUBT: Mapping[str, float] = {}


def model_signal(dimension: str) -> str:
    """The series that holds a model's score for a dimension, in [0, 1]."""
    return f"model.{dimension}"


def score_dimension(
    dimension: Dimension,
    z: Mapping[str, Floats],
    model: Floats | None,
    length_s: int,
    calibration: Calibration,
    trust: Mapping[str, float] = NO_DOUBT,
) -> Scored:
    """By rule, by model, or the mean of both where there are both; a hybrid without a model is a rule.

    `trust`: for signals whose weight counts in part, that part in [0, 1].
    """
    rule = _by_rule(dimension, z, length_s, calibration, trust)
    if dimension.mode is ScoringMode.RULE:
        return rule
    judged = np.full(length_s, np.nan) if model is None else np.clip(model, 0.0, 1.0)
    name = model_signal(dimension.name)
    if dimension.mode is ScoringMode.MODEL:
        return Scored(judged, np.isfinite(judged).astype(np.float64), {name: np.nan_to_num(judged)})
    return _mean_of(rule, judged, name)


def squash(x: Floats, half_at: float) -> Floats:
    """x^2 / (x^2 + h^2) for x > 0, else 0: a Hill curve, one half at h, which keeps small excursions small."""
    square = np.maximum(x, 0.0) ** 2
    curve: Floats = square / (square + half_at * half_at)
    return curve


def _by_rule(
    dimension: Dimension, z: Mapping[str, Floats], length_s: int, calibration: Calibration, trust: Mapping[str, float]
) -> Scored:
    """Squashed combination of the signals that are present; weights count by their size.

    Deviations are combined as sum w z / sqrt(sum w^2) (Stouffer 1949), so that a dimension of many signals is as sure as
    one of few; optional signals change the mean alone. Those missing count as if they stood where the others do on
    average. A part is its share of the
    sum times the score: the Aumann-Shapley value of a function of a sum, so the parts of signals that point the other way
    are negative.
    """
    given = {part.signal: part.weight for part in sorted(dimension.signals, key=lambda p: p.signal) if part.weight}
    weights = {name: weight * trust.get(name, 1.0) for name, weight in given.items()}
    total = sum(abs(weight) for name, weight in weights.items() if name in z or name not in OPTIONAL)
    counted = [weight for name, weight in given.items() if name not in OPTIONAL] or list(given.values())
    surer = sum(map(abs, counted)) / math.hypot(*counted) if counted else 1.0
    weighted = {name: weight * z[name] for name, weight in weights.items() if name in z}
    present = np.zeros(length_s)
    summed = np.zeros(length_s)
    for name, values in weighted.items():
        present += np.where(np.isfinite(values), abs(weights[name]), 0.0)
        summed += np.nan_to_num(values)
    known = present > 0
    mean = np.divide(summed, present, out=np.zeros(length_s), where=known)
    score = squash(surer * mean, calibration.half_score_at)
    scale = np.divide(score, summed, out=np.zeros(length_s), where=summed > 0)
    parts = {name: np.nan_to_num(values) * scale for name, values in weighted.items()}
    return Scored(np.where(known, score, np.nan), present / total if total else present, parts)


def _mean_of(rule: Scored, judged: Floats, name: str) -> Scored:
    by_rule, by_model = np.isfinite(rule.score), np.isfinite(judged)
    share = np.where(by_rule & by_model, 0.5, 1.0)
    score = share * (np.nan_to_num(rule.score) + np.nan_to_num(judged))
    parts = {signal: part * share for signal, part in rule.parts.items()}
    parts[name] = np.nan_to_num(judged) * share
    coverage = 0.5 * rule.coverage + 0.5 * by_model
    return Scored(np.where(by_rule | by_model, score, np.nan), coverage, parts)
