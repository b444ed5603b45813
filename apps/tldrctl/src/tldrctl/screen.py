"""What the user sees: progress, tables, outcomes."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

console = Console(markup=False, emoji=False)  # what is shown comes from elsewhere: `[x]` in an error is not a style


def say(text: str) -> None:
    """One line."""
    console.print(text, highlight=False, soft_wrap=True)


@contextmanager
def stream_progress() -> Iterator[Callable[[dict[str, Any]], None]]:
    """A bar that follows a stream; hand it the stream as the API shows it."""
    columns = (
        TextColumn("{task.description:>12}"),
        BarColumn(),
        TextColumn("{task.fields[note]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=not console.is_terminal) as bar:
        task = bar.add_task("queued", total=1.0, note="")

        def show(stream: dict[str, Any]) -> None:
            progress = stream["progress"]
            seconds, left = progress["seconds_processed"], progress["estimated_seconds_left"]
            note = f"{seconds:.0f} s processed" if seconds is not None else ""
            if left:
                note += f", about {left:.0f} s left"
            bar.update(task, completed=progress["share_done"] or 0.0, description=progress["stage"], note=note)

        yield show


@contextmanager
def run_progress() -> Iterator[Callable[[dict[str, Any]], None]]:
    """A bar that moves while a run is made; hand it the run as the API shows it."""
    columns = (TextColumn("{task.description:>12}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=not console.is_terminal) as bar:
        task = bar.add_task("pending", total=None)

        def show(run: dict[str, Any]) -> None:
            bar.update(task, description=run["state"])

        yield show


def show_highlights(highlights: Sequence[dict[str, Any]]) -> None:
    """A table of the figures, then a line of words for each."""
    console.print(highlights_table(highlights))
    for found in highlights:
        say(f"{clock(found['start_ms'])}  {found['title']}. {found['reason']}")


def highlights_table(highlights: Sequence[dict[str, Any]]) -> Table:
    """The highlights of a stream."""
    table = Table("from", "to", "type", "score", "confidence", title="Highlights")
    for found in highlights:
        table.add_row(
            clock(found["start_ms"]),
            clock(found["end_ms"]),
            ", ".join(found["types"]),
            f"{found['score']:.2f}",
            f"{found['confidence']:.2f}",
        )
    return table


def clock(ms: int) -> str:
    """`83500` as `1:23.5`."""
    minutes, rest = divmod(ms, 60_000)
    return f"{minutes}:{rest / 1000:04.1f}"
