"""Dimensions become one score: four ways, each as amounts per dimension that sum to the total."""

import numpy as np

from tldr_fusion_detector.domain.profile.calibration import Calibration
from tldr_fusion_detector.domain.profile.profile import FusionMode
from tldr_fusion_detector.domain.signals.signals import Floats


def fuse(mode: FusionMode, scores: Floats, weights: Floats, names: tuple[str, ...], calibration: Calibration) -> Floats:
    """What each dimension gives to the total, (d, n), all >= 0; columns sum to the total in [0, 1].

    `scores` (d, n) in [0, 1], NaN where a dimension is missing: its weight goes to those that are present, second
    by second, so missing evidence never lowers or raises a score on which all others agree (in a cascade: from
    `agrees_from` on; below it a missing heaviest dimension no longer holds back the rest). `weights` (d,) >= 0;
    `names` break ties, so the order of dimensions does not matter. The total never falls when a score rises.
    """
    order = np.argsort(np.array(names))
    ordered, share = scores[order], _present_share(scores[order], weights[order])
    known = np.nan_to_num(ordered)
    match mode:
        case FusionMode.WEIGHTED:
            amounts = share * known
        case FusionMode.CONSENSUS:
            amounts = _consensus(known, share, calibration)
        case FusionMode.CASCADE:
            amounts = _cascade(ordered, share, weights[order], calibration)
        case FusionMode.MAX_CONFIDENCE:
            amounts = _surest(np.where(share > 0, ordered, np.nan), weights[order])
    restored = np.empty_like(amounts)
    restored[order] = amounts
    return restored


def _present_share(scores: Floats, weights: Floats) -> Floats:
    """Weights over the dimensions that are present, (d, n); columns sum to 1, or to 0 where none is."""
    present = np.where(np.isfinite(scores), weights[:, None], 0.0)
    total = present.sum(axis=0)
    share: Floats = np.zeros_like(present)
    np.divide(present, total, out=share, where=total > 0)
    return share


def _consensus(known: Floats, share: Floats, calibration: Calibration) -> Floats:
    """mean * (1 - c + c * a): a is the weight that agrees, each dimension min(1, score / `agrees_from`) of its own."""
    agreeing = (share * np.minimum(known / calibration.agrees_from, 1.0)).sum(axis=0)
    amounts: Floats = share * known * (1.0 - calibration.consensus_share * (1.0 - agreeing))
    return amounts


def _cascade(scores: Floats, share: Floats, weights: Floats, calibration: Calibration) -> Floats:
    """The heaviest counts in full, each later one times min(1, score / `agrees_from`) of all present before it."""
    amounts = np.zeros_like(share)
    gate = np.ones(scores.shape[1])
    for i in np.argsort(-weights, kind="stable"):
        amounts[i] = share[i] * np.nan_to_num(scores[i]) * gate
        gate = gate * np.where(share[i] > 0, np.minimum(np.nan_to_num(scores[i]) / calibration.agrees_from, 1.0), 1.0)
    return amounts


def _surest(scores: Floats, weights: Floats) -> Floats:
    """All of the highest score, from the dimension that has it; the heavier one where two do."""
    amounts = np.zeros_like(scores)
    heaviest_first = np.argsort(-weights, kind="stable")
    best = heaviest_first[np.argmax(np.nan_to_num(scores[heaviest_first], nan=-1.0), axis=0)]
    columns = np.arange(scores.shape[1])
    amounts[best, columns] = np.nan_to_num(scores[best, columns])
    return amounts
