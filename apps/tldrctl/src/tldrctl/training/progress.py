"""What the user sees of a training."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from tldr_fusion_detector.domain.learning.training import Progress as Report
from tldr_fusion_detector.domain.scoring.scorer.scorer import Provenance
from tldrctl.screen import console, say

_REASONS = {
    "too_much": "beyond what is enough",
    "no_signals": "without kept signals",
    "not_completed": "not completed",
}


@contextmanager
def training_progress() -> Iterator[Report]:
    """A bar for each step, in the order in which steps begin; tell it the step and the share done."""
    with _bars(console) as bar:
        steps: dict[str, TaskID] = {}

        def report(step: str, share: float) -> None:
            if step not in steps:
                for task in steps.values():
                    bar.update(task, completed=1.0)
                steps[step] = bar.add_task(step, total=1.0)
            bar.update(steps[step], completed=share)

        yield report
        for task in steps.values():
            bar.update(task, completed=1.0)


@contextmanager
def scorer_progress(screen: Console = console) -> Iterator[Callable[[dict[str, Any]], None]]:
    """A bar for all that is to be done, named by the step; hand it the scorer as the API shows it."""
    with _bars(screen) as bar:
        task = bar.add_task("waiting", total=1.0)

        def show(scorer: dict[str, Any]) -> None:
            if progress := scorer["progress"]:
                bar.update(task, description=progress["step"], completed=progress["share"])
            elif scorer["state"] == "ready":
                bar.update(task, completed=1.0)

        yield show


def _bars(screen: Console) -> Progress:
    columns = (TextColumn("{task.description:>20}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    return Progress(*columns, console=screen, transient=not screen.is_terminal)


def say_left_out(left_out: Mapping[str, int] | None) -> None:
    """How many streams are not learned from, and why; nothing where it is none or not known."""
    reasons = [f"{count} {_REASONS.get(reason, reason)}" for reason, count in (left_out or {}).items() if count]
    if reasons:
        say(f"Streams left out: {', '.join(reasons)}")


def show_figures(made: Provenance, preset: str) -> None:
    """The figures of streams that were left out, beside those of the preset on the same streams."""
    table = Table("", "trained", preset, title="On streams left out, per cent")
    for column in table.columns[1:]:
        column.justify = "right"
    for name, figure in made.trained.items():
        default = made.default.get(name)
        table.add_row(name, f"{figure:.1f}", "" if default is None else f"{default:.1f}")
    console.print(table)
    say(f"{made.streams} streams, {made.seconds / 3600:.1f} h, {made.moments} moments, data {made.data[:12]}…")
