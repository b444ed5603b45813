"""Trains scorers with scikit-learn: words, trees, probability and segments, each judged on streams left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Final

import numpy as np
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from tldr_fusion_detector.adapters.learning.trainer_folds import Folds, Studied, learned_columns, own_columns, study
from tldr_fusion_detector.domain.learning.segment_choice import agreement, choose_rule
from tldr_fusion_detector.domain.learning.training import (
    LabelledStream,
    Progress,
    fingerprint,
    require_better,
    require_enough,
)
from tldr_fusion_detector.domain.moments.agreement import Inside, average_precision
from tldr_fusion_detector.domain.profile.calibration import DEFAULT_CALIBRATION
from tldr_fusion_detector.domain.profile.profile import Profile
from tldr_fusion_detector.domain.scoring.scorer.scorer import Provenance, Scorer, logistic, smooth_log_odds
from tldr_fusion_detector.domain.signals.baseline import Mode
from tldr_fusion_detector.domain.signals.signals import Floats

SMOOTH_S: Final = 3.0
Shares = Mapping[str, float | np.floating]


@dataclass(frozen=True, slots=True)
class SklearnTrainer:
    """See `Trainer`. One thread: the order in which many add up their sums would show in the last digits."""

    def __call__(
        self, streams: Sequence[LabelledStream], profile: Profile, *, created: str, progress: Progress
    ) -> Scorer:
        require_enough(streams)
        with threadpool_limits(1):
            return _train(sorted(streams, key=lambda stream: stream.name), profile, created, progress)


def _train(streams: Sequence[LabelledStream], profile: Profile, created: str, progress: Progress) -> Scorer:
    studied: list[Studied] = []
    for stream in streams:
        progress("reading signals", len(studied) / len(streams))
        studied.append(study(stream, profile))
    progress("learning words", 0.0)
    folds = Folds(studied, own_columns(studied), learned_columns(), progress)
    margins = [{mode: _smoothed(margin, mode) for mode, margin in found.items()} for found in folds.margins(progress)]
    truth = [one.inside for one in studied]
    trained = _precisions(truth, [found[Mode.RECORDED] for found in margins])
    default = _precisions(truth, [one.default[Mode.RECORDED] for one in studied])
    require_better(trained, default)
    slope, shift = _calibrate(truth, [found[Mode.RECORDED] for found in margins])
    scores = [logistic(slope * found[Mode.RECORDED] + shift) for found in margins]
    progress("choosing segments", 0.0)
    rule = choose_rule(scores, truth, profile.processing)
    progress("growing the trees", 0.0)
    seconds, intervals = agreement(rule, scores, truth, profile.processing)
    live = _precisions(truth, [found[Mode.LIVE] for found in margins])
    default_live = _precisions(truth, [one.default[Mode.LIVE] for one in studied])
    made = _provenance(
        streams,
        created,
        {"AP": np.mean(trained), "AP live": np.mean(live), "F1": seconds, "segF1@.3": intervals},
        {"AP": np.mean(default), "AP live": np.mean(default_live)},
    )
    columns = (*folds.own, *folds.learned)
    return Scorer(columns, folds.without(), folds.grow(), SMOOTH_S, slope, shift, rule, made)


def _provenance(streams: Sequence[LabelledStream], created: str, trained: Shares, default: Shares) -> Provenance:
    libraries = {name: version(name) for name in ("numpy", "scikit-learn")}
    return Provenance(
        fingerprint(streams),
        len(streams),
        sum(stream.length_s for stream in streams),
        sum(len(stream.moments) for stream in streams),
        created,
        {name: round(100.0 * float(share), 1) for name, share in trained.items()},
        {name: round(100.0 * float(share), 1) for name, share in default.items()},
        {"calibration": str(DEFAULT_CALIBRATION.version), **libraries},
    )


def _smoothed(margin: Floats, mode: Mode) -> Floats:
    return smooth_log_odds(margin, SMOOTH_S, DEFAULT_CALIBRATION, mode is Mode.RECORDED)


def _precisions(truth: Sequence[Inside], scores: Sequence[Floats]) -> list[float]:
    return [average_precision(inside, score) for inside, score in zip(truth, scores, strict=True)]


def _calibrate(truth: Sequence[Inside], margins: Sequence[Floats]) -> tuple[float, float]:
    """Slope and shift that make probabilities of log-odds (Platt 1999), from streams that were left out."""
    model = LogisticRegression(C=1e6).fit(np.concatenate(margins)[:, None], np.concatenate(truth))
    return float(model.coef_[0, 0]), float(model.intercept_[0])
