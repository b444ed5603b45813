"""The plots of a report, as PNG."""

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from tldr_fusion_detector.domain.signals.reaction_lag import Lag
from tldr_fusion_detector.domain.signals.signals import Floats
from tldrctl.evaluation.curves import Bin
from tldrctl.evaluation.games import Interval
from tldrctl.evaluation.metric import matched
from tldrctl.evaluation.prediction import Prediction

INK, FAINT, TRUE, FOUND, FALSE = "#22262e", "#9a9a9a", "#3fa66a", "#2f6fe4", "#d6483e"
COLOURS = ("#2f6fe4", "#d98a1f", "#3fa66a", "#8a4fd0", "#d6483e", "#4a4f5a")


def game_plot(prediction: Prediction, truth: Sequence[Interval], title: str) -> bytes:
    """Score over time; below it what people kept and what was found, red where it matches nothing."""
    right = {i for i, _ in matched([segment.interval for segment in prediction.segments], truth, 0.3)}

    def draw(figure: Any) -> None:
        axes, lanes = figure.subplots(2, 1, sharex=True, height_ratios=(4, 1))
        minutes = np.arange(len(prediction.scores)) / 60
        axes.step(minutes, prediction.scores, where="post", color=INK, linewidth=0.9)
        for first, last in truth:
            axes.axvspan(first / 60, (last + 1) / 60, color=TRUE, alpha=0.2, linewidth=0)
            lanes.barh(1, (last + 1 - first) / 60, left=first / 60, height=0.7, color=TRUE)
        for i, segment in enumerate(prediction.segments):
            width = (segment.last_s + 1 - segment.first_s) / 60
            lanes.barh(0, width, left=segment.first_s / 60, height=0.7, color=FOUND if i in right else FALSE)
        axes.set_ylabel("score")
        axes.set_ylim(0, max(1.05 * float(prediction.scores.max(initial=0)), 0.1))
        axes.set_title(title, loc="left", fontsize=11)
        lanes.set_yticks([0, 1], ["found", "kept by people"])
        lanes.set_ylim(-0.6, 1.6)
        lanes.set_xlim(0, max(len(prediction.scores) / 60, 1 / 60))
        lanes.set_xlabel("minutes")

    return _png(draw, (12, 4))


def precision_recall_plot(curves: Mapping[str, tuple[Floats, Floats]], positive: float, title: str) -> bytes:
    """A line for each name; `positive`, the share of true seconds, is what chance gives."""

    def draw(figure: Any) -> None:
        axes = figure.subplots()
        for place, (name, (precision, recall)) in enumerate(curves.items()):
            colour, style = COLOURS[place // 2 % len(COLOURS)], ("-", "--")[place % 2]
            # The first few seconds jump between 0 and 1 and say little.
            axes.plot(recall[20:], precision[20:], style, color=colour, linewidth=1.3, label=name)
        axes.axhline(positive, color=FAINT, linewidth=1, linestyle=":", label="chance")
        axes.set(xlabel="recall", ylabel="precision", xlim=(0, 1), ylim=(0, 1.02))
        axes.set_title(title, loc="left", fontsize=11)
        axes.legend(fontsize=8, frameon=False)

    return _png(draw, (6.4, 4.8))


def reliability_plot(bins: Mapping[str, Sequence[Bin]], title: str) -> bytes:
    """Share of highlights that people kept, with its standard error, over confidence; the legend counts them."""

    def draw(figure: Any) -> None:
        axes = figure.subplots()
        axes.plot([0, 1], [0, 1], ":", color=FAINT, label="as confident as right")
        for place, (name, those) in enumerate(bins.items()):
            counts = sorted({one.count for one in those})
            each = f"{len(those)} bins of {counts[0]}" if those else "nothing found"
            axes.errorbar(
                [one.confidence + 0.004 * place for one in those],
                [one.kept for one in those],
                yerr=[(one.kept * (1 - one.kept) / one.count) ** 0.5 for one in those],
                fmt="o-",
                elinewidth=0.8,
                color=COLOURS[place % len(COLOURS)],
                label=f"{name}, {each}",
            )
        axes.set(xlabel="confidence", ylabel="share kept by people", xlim=(0, 1), ylim=(0, 1.05))
        axes.set_title(title, loc="left", fontsize=11)
        axes.legend(fontsize=8, frameon=False, loc="lower right")

    return _png(draw, (6.4, 4.8))


def lag_plot(precisions: Mapping[str, Sequence[float]], lags: Sequence[float], prior: float, title: str) -> bytes:
    """Average precision over the lag that detection was given, a line for each name."""

    def draw(figure: Any) -> None:
        axes = figure.subplots()
        for colour, (name, values) in zip(COLOURS, precisions.items(), strict=False):
            axes.plot(lags, [100 * value for value in values], "o-", color=colour, markersize=4, label=name)
        axes.axvline(prior, color=FAINT, linestyle="--", label=f"prior, {prior:g} s")
        axes.set(xlabel="reaction lag given, seconds", ylabel="average precision, %")
        axes.set_ylim(bottom=0)
        axes.set_title(title, loc="left", fontsize=11)
        axes.legend(fontsize=8, frameon=False, loc="lower left")

    return _png(draw, (6.4, 4.2))


def planted_lag_plot(estimates: Mapping[int, Sequence[Lag]], title: str) -> bytes:
    """Estimates with their deviation over the lag planted, a point for each made-up stream."""

    def draw(figure: Any) -> None:
        axes = figure.subplots()
        last = max(estimates)
        axes.plot([0, last], [0, last], ":", color=FAINT, label="as planted")
        # Streams with the same lag stand beside each other, or their points would hide one another.
        points = [
            (planted + 0.25 * (place - (len(found) - 1) / 2), lag)
            for planted, found in estimates.items()
            for place, lag in enumerate(found)
        ]
        axes.errorbar(
            [at for at, _ in points],
            [lag.seconds for _, lag in points],
            yerr=[lag.sigma for _, lag in points],
            fmt="o",
            markersize=3,
            elinewidth=0.8,
            color=FOUND,
            label="estimated, ± 1 σ",
        )
        axes.set(xlabel="lag planted, seconds", ylabel="lag estimated, seconds")
        axes.set_title(title, loc="left", fontsize=11)
        axes.legend(fontsize=8, frameon=False, loc="upper left")

    return _png(draw, (6.4, 4.2))


def _png(draw: Callable[[Any], None], inches: tuple[float, float]) -> bytes:
    # Matplotlib takes half a second to load. Without pyplot nothing is global.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=inches, layout="constrained")
    FigureCanvasAgg(figure)
    draw(figure)
    for axes in figure.axes:
        axes.spines[["top", "right"]].set_visible(False)
    picture = io.BytesIO()
    figure.savefig(picture, format="png", dpi=110)
    return picture.getvalue()
