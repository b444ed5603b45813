"""What the user sees of a training."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from tldr_fusion_detector.domain.scorer import Provenance
from tldr_fusion_detector.domain.training import Progress as Report
from tldrctl.screen import console, say


@contextmanager
def training_progress() -> Iterator[Report]:
    """A bar for each step, in the order in which steps begin; tell it the step and the share done."""
    columns = (TextColumn("{task.description:>20}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=not console.is_terminal) as bar:
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
