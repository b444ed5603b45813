"""A plot of the score over time with what was planted and what was found."""

from collections.abc import Sequence
from pathlib import Path

from tldrctl.demo.plan import Distractor
from tldrctl.demo.report import Comparison

PLANTED, FOUND, FALSE, DISTRACTOR = "#3fa66a", "#2f6fe4", "#d6483e", "#9a9a9a"


def write_score_plot(
    scores: Sequence[float],
    comparison: Comparison,
    path: Path,
    *,
    distractors: Sequence[Distractor] = (),
    title: str = "",
) -> None:
    """Writes a PNG. `scores[s]` is the total of second s, NaN where nothing is known."""
    # Matplotlib takes half a second to load and the command line seldom needs it. Without pyplot nothing is global.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(13, 4.6), layout="constrained")
    FigureCanvasAgg(figure)
    axes, lanes = figure.subplots(2, 1, sharex=True, height_ratios=(4, 1))
    axes.step(range(len(scores)), scores, where="post", color="#22262e", linewidth=1.3)
    axes.set_ylabel("score")
    axes.set_ylim(bottom=0)
    for row in comparison.rows:
        if row.planted is not None:
            start, end = row.planted.start_ms / 1000, row.planted.end_ms / 1000
            axes.axvspan(start, end, color=PLANTED, alpha=0.18)
            lanes.barh(2, end - start, left=start, height=0.7, color=PLANTED)
            lanes.text((start + end) / 2, 2, row.planted.kind, ha="center", va="center", fontsize=7, color="white")
        if row.found is not None:
            start, end = row.found.start_ms / 1000, row.found.end_ms / 1000
            lanes.barh(1, end - start, left=start, height=0.7, color=FOUND if row.planted else FALSE)
    for distractor in distractors:
        start, end = distractor.start_ms / 1000, distractor.end_ms / 1000
        lanes.barh(0, end - start, left=start, height=0.7, color=DISTRACTOR)
        lanes.text((start + end) / 2, 0, distractor.kind, ha="center", va="center", fontsize=7)
    lanes.set_yticks([0, 1, 2], ["distractors", "found", "planted"])
    lanes.set_ylim(-0.6, 2.6)
    lanes.set_xlim(0, max(len(scores), 1))
    lanes.set_xlabel("seconds")
    if title:
        axes.set_title(title, loc="left", fontsize=11)
    figure.savefig(path, dpi=110)
