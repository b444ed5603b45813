"""How likely a person would keep a moment."""

import math

from tldr_fusion_detector.domain.calibration import Calibration

# What a score is worth when next to nothing of the evidence asked for was there.
LEAST_TRUST = 0.4


def confidence(score: float, coverage: float, calibration: Calibration) -> float:
    """logistic((score - even) / spread), trusted as far as its evidence goes; in [0, 1].

    The logistic says how often editors kept an interval that overlaps such a moment by an IoU of 0.3; what an
    organization accepts or rejects bends it further.
    """
    return trusted(1.0 / (1.0 + math.exp(-(score - calibration.even_score) / calibration.score_spread)), coverage)


def trusted(likely: float, coverage: float) -> float:
    """likely * (0.4 + 0.6 * coverage); `coverage`: the share of the profile's weight that had evidence, 0..1."""
    return likely * (LEAST_TRUST + (1.0 - LEAST_TRUST) * min(max(coverage, 0.0), 1.0))
