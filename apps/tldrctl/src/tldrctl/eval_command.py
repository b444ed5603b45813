"""`tldrctl eval`: the services' own code on data that people labelled."""

import asyncio
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from tldrctl.evaluation.games import Split

app = typer.Typer(no_args_is_help=True, help="Judge detection and sentiment on labelled data.")

Model = Annotated[Path | None, typer.Option(help="A trained scorer, as `tldrctl train chat` writes it.")]
Data = Annotated[Path, typer.Argument(help="A folder with chat/<game>.csv.gz and games.csv.")]


class EvaluatedMode(StrEnum):
    """How the chat of a game is looked at."""

    RECORDED = "recorded"
    LIVE = "live"


class Vocabulary(StrEnum):
    """Whose words teach the detector what goes with moments."""

    NONE = "none"
    STREAM = "stream"
    CHANNEL = "channel"


@app.command()
def chat(
    data: Data,
    out: Annotated[Path, typer.Option(help="Where predictions are written, as JSON.")],
    mode: Annotated[
        EvaluatedMode, typer.Option(help="The whole game at once, or at most 30 s behind each moment.")
    ] = EvaluatedMode.RECORDED,
    split: Annotated[Split, typer.Option(help="Which games.")] = Split.ALL,
    preset: Annotated[str, typer.Option(help="gaming, sports, education or corporate.")] = "gaming",
    vocabulary: Annotated[
        Vocabulary,
        typer.Option(
            help="Whose words teach what goes with moments, without labels: a recording's own, earlier games' too."
        ),
    ] = Vocabulary.STREAM,
    model: Model = None,
) -> None:
    """Predict scores and highlights from chats alone."""
    _go(lambda: _chat(data, out, mode.value, split.value, preset, vocabulary.value, model))


@app.command()
def sentiment(
    messages: Annotated[Path, typer.Argument(help="A CSV file with columns message and sentiment (-1, 0, 1).")],
    out: Annotated[Path, typer.Option(help="Where predictions are written, as CSV.")],
) -> None:
    """Compare the sentiment of messages with what people took them for."""
    _go(lambda: _sentiment(messages, out))


@app.command()
def report(
    out: Annotated[Path, typer.Option(help="The folder for report.html and its plots.")],
    data: Annotated[str, typer.Argument(help="A folder with chat/, games.csv and labels.json.")] = "",
    model: Model = None,
) -> None:
    """Write a report with figures and plots; without the data, say so. Without a model, one is trained if that can be."""
    if data and Path(data).exists():
        _go(lambda: _report(Path(data), out, model))
    else:
        typer.echo(
            f"no evaluation data at {data}; nothing to do" if data else "no evaluation data given; nothing to do"
        )


def _chat(data: Path, out: Path, mode: str, split: str, preset: str, vocabulary: str, model: Path | None) -> int:
    from tldr_fusion_detector.domain.signals.baseline import Mode
    from tldrctl.evaluation.games import read_games
    from tldrctl.evaluation.many_games import predict_games
    from tldrctl.evaluation.predict import Taught, Variant
    from tldrctl.evaluation.prediction import write_predictions
    from tldrctl.screen import say

    variant = Variant(Mode(mode), preset, Taught(vocabulary), model)
    games = read_games(data, split)
    predictions = asyncio.run(predict_games(games, [variant]))[variant]
    write_predictions(predictions, out)
    say(f"{len(predictions)} games, {sum(len(one.segments) for one in predictions.values())} highlights: {out}")
    return 0


def _sentiment(path: Path, out: Path) -> int:
    from tldrctl.evaluation.moods import agreement, predicted, predicted_by_vader, read_labelled, write_moods
    from tldrctl.screen import say

    messages = read_labelled(path)
    found = predicted(messages)
    write_moods(messages, found, out)
    ours = agreement(messages, found)
    say(f"accuracy: {100 * ours.accuracy:.1f}")
    say(f"macro-F1: {100 * ours.macro_f1:.1f}")
    say(f"VADER alone: {agreement(messages, predicted_by_vader(messages))}")
    return 0


def _report(data: Path, out: Path, model: Path | None) -> int:
    from tldrctl.evaluation.report import write_report

    return asyncio.run(write_report(data, out, model or _trained(data, out / "model.json")))


def _trained(data: Path, out: Path) -> Path | None:
    """A scorer that learned from the split `train`; None, and a sentence, where that cannot be."""
    from tldr_fusion_detector.domain.learning.training import TooLittleData, WorseThanDefault
    from tldrctl.evaluation.games import read_splits
    from tldrctl.training.labelled_scorer import train_scorer

    if Split.TRAIN.value not in read_splits(data):
        return None
    try:
        train_scorer(data, out, Split.TRAIN.value, "gaming")
    except (TooLittleData, WorseThanDefault) as error:
        typer.echo(f"no row of a trained scorer: {error}")
        return None
    return out


def _go(work: Callable[[], int]) -> None:
    """Run to the end; data that cannot be read is a sentence and exit 2, Ctrl-C an orderly end."""
    from tldrctl.evaluation.games import UnreadableData

    try:
        code = work()
    except KeyboardInterrupt:
        code = 130
    except (UnreadableData, OSError) as error:
        typer.echo(f"tldrctl: {error}", err=True)
        code = 2
    raise typer.Exit(code)
