"""What gave a moment its score, and whether the stored signals still say the same."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from tldr_fusion_detector.domain.profile.calibration import DEFAULT_CALIBRATION, Calibration
from tldr_fusion_detector.domain.profile.profile import Profile
from tldr_fusion_detector.domain.scoring.scorer.scorer import TRAINED, Scorer
from tldr_fusion_detector.domain.scoring.scoring import ScoreSheet, score_timeline
from tldr_fusion_detector.domain.signals.baseline import Mode
from tldr_fusion_detector.domain.signals.reaction_lag import Lag
from tldr_fusion_detector.domain.signals.timeline import Timeline
from tldr_fusion_detector.domain.signals.vocabulary import Vocabulary

# Figures pass through JSON and databases as doubles; what is recomputed differs by rounding alone.
TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class DimensionScore:
    """A dimension's score in [0, 1] and its weight in the profile."""

    dimension: str
    score: float
    weight: float


@dataclass(frozen=True, slots=True)
class Contribution:
    """A signal's part of the score at the peak, for one dimension.

    `value` and `baseline`: smoothed and ordinary figure in the signal's own unit (chat: when it reacted).
    `normalised`: robust standard deviations above the ordinary. `amount`: its part; all parts sum to the score.
    """

    signal: str
    dimension: str
    value: float
    baseline: float
    normalised: float
    amount: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """A score recomputed from the signals; `deviation` is the largest difference from what was recorded."""

    score: float
    contributions: tuple[Contribution, ...]
    deviation: float

    @property
    def holds(self) -> bool:
        return self.deviation <= TOLERANCE


def total(contributions: Iterable[Contribution]) -> float:
    """The score that contributions make, correctly rounded, whatever their order."""
    return math.fsum(contribution.amount for contribution in contributions)


def dimension_scores(sheet: ScoreSheet, at: int) -> tuple[DimensionScore, ...]:
    """Scores of the dimensions present at second `at`, in order of name."""
    pairs = zip(sheet.dimensions, sheet.scored, strict=True)
    found = ((dimension, float(scored.score[at])) for dimension, scored in pairs)
    return tuple(DimensionScore(d.name, score, d.weight) for d, score in found if math.isfinite(score))


def contributions_at(sheet: ScoreSheet, at: int) -> tuple[Contribution, ...]:
    """Every signal present at second `at`, for each dimension it counts for, the largest part first."""
    if sheet.trained is not None:
        parts = (Contribution(p.signal, TRAINED, p.value, p.baseline, p.z, p.amount) for p in sheet.trained.parts(at))
        return tuple(sorted(parts, key=lambda c: (-c.amount, c.signal)))
    found: list[Contribution] = []
    for i, (dimension, scored) in enumerate(zip(sheet.dimensions, sheet.scored, strict=True)):
        score = float(scored.score[at])
        # A dimension's amount over its score carries its parts into the total.
        share = float(sheet.amounts[i, at]) / score if score > 0 else 0.0
        for signal, part in scored.parts.items():
            contribution = _contribution(sheet, signal, dimension.name, at, share * float(part[at]))
            if math.isfinite(contribution.normalised):
                found.append(contribution)
    return tuple(sorted(found, key=lambda c: (-c.amount, c.signal, c.dimension)))


def explain(
    timeline: Timeline,
    profile: Profile,
    *,
    at_s: int,
    score: float,
    contributions: tuple[Contribution, ...],
    mode: Mode,
    lag: Lag | None = None,
    vocabulary: Vocabulary | None = None,
    scorer: Scorer | None = None,
    calibration: Calibration = DEFAULT_CALIBRATION,
) -> Explanation:
    """Recompute a recorded moment from stored signals under the run's own profile, mode and calibration.

    A deviation above 1e-9 means that signals, profile or record are not those of the run.
    """
    if not 0 <= at_s < timeline.length_s:
        return Explanation(0.0, (), math.inf)
    fresh = contributions_at(score_timeline(timeline, profile, mode, calibration, lag, vocabulary, scorer), at_s)
    recomputed = total(fresh)
    deviation = max(abs(recomputed - score), abs(total(contributions) - score), _difference(fresh, contributions))
    return Explanation(recomputed, fresh, deviation)


def _contribution(sheet: ScoreSheet, signal: str, dimension: str, at: int, amount: float) -> Contribution:
    normalised = sheet.signals.get(signal)
    if normalised is None:  # a model's judgement stands for itself, where there is one
        judged = float(sheet.model[signal][at]) if signal in sheet.model else math.nan
        return Contribution(signal, dimension, judged, 0.0, judged, amount)
    value, baseline, z = (float(part[at]) for part in (normalised.value, normalised.baseline, normalised.z))
    return Contribution(signal, dimension, value, baseline, z, amount)


def _difference(left: tuple[Contribution, ...], right: tuple[Contribution, ...]) -> float:
    """The largest difference between figures of the same signal and dimension; infinite where the sets differ."""
    ours = {(c.signal, c.dimension): c for c in left}
    theirs = {(c.signal, c.dimension): c for c in right}
    if ours.keys() != theirs.keys():
        return math.inf
    return max((_apart(ours[key], theirs[key]) for key in ours), default=0.0)


def _apart(a: Contribution, b: Contribution) -> float:
    scale = max(1.0, abs(a.value), abs(a.baseline))
    return max(
        abs(a.value - b.value) / scale,
        abs(a.baseline - b.baseline) / scale,
        abs(a.normalised - b.normalised),
        abs(a.amount - b.amount),
    )
