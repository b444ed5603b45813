"""How likely a person would keep a moment."""

import math

from tldr_fusion_detector.domain.profile.calibration import Calibration

LEAST_LIKELY = 1e-9


def confidence(score: float, coverage: float, calibration: Calibration) -> float:
    """logistic((score - even) / spread + w (coverage - c)), in [0, 1]; rises with both.

    `coverage`: the share of the profile's weight that had evidence over the moment, 0..1. The first term says how often
    editors kept an interval that overlaps such a moment by an IoU of 0.3, where the share c had evidence; what an
    organization accepts or rejects bends it further.
    """
    log_odds = (score - calibration.even_score) / calibration.score_spread
    return _with_evidence(log_odds, coverage - calibration.measured_coverage, calibration)


def confidence_of_trained(score: float, coverage: float, calibration: Calibration) -> float:
    """A trained score is a probability already; log-odds fall by w (1 - coverage), the share of its figures that were there."""
    likely = min(max(score, LEAST_LIKELY), 1.0 - LEAST_LIKELY)
    return _with_evidence(math.log(likely / (1.0 - likely)), coverage - 1.0, calibration)


def _with_evidence(log_odds: float, more: float, calibration: Calibration) -> float:
    return 1.0 / (1.0 + math.exp(-(log_odds + calibration.evidence_weight * more)))
