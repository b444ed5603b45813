"""Which plots a report has, and what is said below them."""

import numpy as np

from tldr_fusion_detector.domain.moments.agreement import average_precision
from tldr_fusion_detector.domain.profile.calibration import DEFAULT_CALIBRATION
from tldrctl.evaluation import plots
from tldrctl.evaluation.curves import calibration_error, planted_lag, precision_and_recall, reliability
from tldrctl.evaluation.evaluated import Evaluated
from tldrctl.evaluation.metric import seconds_inside
from tldrctl.evaluation.page import Picture
from tldrctl.evaluation.predict import Variant

LAGS_S = tuple(range(0, 31, 3))
LAG_VARIANTS = tuple(Variant(lag_s=float(lag_s)) for lag_s in LAGS_S)
_STREAMS = 5


def pictures(evaluated: Evaluated) -> list[Picture]:
    """All plots of the report."""
    return [
        *_games(evaluated),
        *(_precision_recall(evaluated, split) for split in evaluated.splits),
        *(_reliability(evaluated, place) for place in range(len(evaluated.scorers))),
        _lags(evaluated),
        _planted_lags(),
    ]


def _games(evaluated: Evaluated) -> list[Picture]:
    """A good, an ordinary and a bad game: the 90 %, 50 % and 10 % points of average precision over all games."""
    predictions = evaluated.predictions[evaluated.scorers[0].variant]
    precisions = {
        name: average_precision(seconds_inside(evaluated.truth[name], len(p.scores)), p.scores)
        for name, p in predictions.items()
    }
    order = sorted(precisions, key=lambda name: (precisions[name], name))
    found = []
    for kind, share in (("good", 0.9), ("median", 0.5), ("bad", 0.1)):
        name = order[round(share * (len(order) - 1))]
        title = f"{kind} game {name}, AP {100 * precisions[name]:.1f}"
        plot = plots.game_plot(predictions[name], evaluated.truth[name], title)
        caption = (
            f"Score of the {evaluated.scorers[0].name} scorer over a {kind} game (the {share:.0%} point by AP). "
            "Found intervals are blue where they match one that people kept at an IoU of 0.3, otherwise red."
        )
        found.append(Picture(f"game-{kind}", plot, caption))
    return found


def _precision_recall(evaluated: Evaluated, split: str) -> Picture:
    curves = {}
    truth, predictions = evaluated.of(split, evaluated.scorers[0].variant)
    inside = np.concatenate([seconds_inside(t, len(p.scores)) for t, p in zip(truth, predictions, strict=True)])
    for scorer in evaluated.scorers:
        for variant in scorer.variants():
            curves[f"{scorer.name}, {variant.mode}"] = precision_and_recall(*evaluated.of(split, variant))
    plot = plots.precision_recall_plot(curves, float(inside.mean()), f"{split}: all seconds together")
    caption = (
        f"Precision over recall of the seconds of all games of {split} together. "
        "The table's AP is the mean over games, which a game with scores too high or too low does not spoil."
    )
    return Picture(f"precision-recall-{split}", plot, caption)


def _reliability(evaluated: Evaluated, place: int) -> Picture:
    scorer = evaluated.scorers[place]
    bins = {split: reliability(*evaluated.of(split, scorer.variant)) for split in evaluated.splits}
    errors = ", ".join(f"{split} {100 * calibration_error(those):.1f}" for split, those in bins.items())
    plot = plots.reliability_plot(bins, f"{scorer.name}: confidence of highlights")
    caption = (
        "Share of highlights that match one people kept at an IoU of 0.3, by confidence in bins of equal count, "
        f"with the standard error. Expected calibration error in per cent: {errors}."
    )
    return Picture(f"reliability-{scorer.name}", plot, caption)


def _lags(evaluated: Evaluated) -> Picture:
    precisions = {
        split: [evaluated.figures(split, variant).ap for variant in LAG_VARIANTS] for split in evaluated.splits
    }
    plot = plots.lag_plot(precisions, LAGS_S, DEFAULT_CALIBRATION.lag_prior, "default scorer: reaction lag given")
    caption = (
        "Average precision when the reaction lag is set by hand, smoothed as widely as under the prior. "
        "Chat alone cannot tell a constant lag, so without picture and sound the prior stands."
    )
    return Picture("lag", plot, caption)


def _planted_lags() -> Picture:
    estimates = {lag_s: [planted_lag(seed, lag_s) for seed in range(_STREAMS)] for lag_s in LAGS_S}
    errors = [abs(lag.seconds - lag_s) for lag_s, lags in estimates.items() for lag in lags]
    plot = plots.planted_lag_plot(estimates, "made-up streams: reaction lag recovered")
    caption = (
        f"The lag estimated from picture, sound and chat of {_STREAMS} made-up streams of half an hour for each lag "
        f"planted. Largest error {max(errors):.2f} s, mean {np.mean(errors):.2f} s."
    )
    return Picture("lag-planted", plot, caption)
