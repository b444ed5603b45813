"""How likely a person would keep a moment."""

import math

from tldr_fusion_detector.domain.calibration import Calibration

# What a score is worth when next to nothing of the evidence asked for was there.
LEAST_TRUST = 0.4


def confidence(score: float, coverage: float, calibration: Calibration) -> float:
    """logistic((score - even) / spread) * (0.4 + 0.6 * coverage), in [0, 1].

    `coverage`: the share of the profile's weight that had evidence over the moment, 0..1. The logistic says how often
    editors kept an interval that overlaps such a moment by an IoU of 0.3; what an organization accepts or rejects bends
    it further.
    """
    likely = 1.0 / (1.0 + math.exp(-(score - calibration.even_score) / calibration.score_spread))
    return likely * (LEAST_TRUST + (1.0 - LEAST_TRUST) * min(max(coverage, 0.0), 1.0))
