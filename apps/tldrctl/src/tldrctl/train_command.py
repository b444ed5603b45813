"""`tldrctl train`: a scorer from moments that people kept."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from tldrctl.eval_command import Split

app = typer.Typer(no_args_is_help=True, help="Train a scorer of your own.")


@app.command()
def chat(
    data: Annotated[Path, typer.Argument(help="A folder with chat/<game>.csv.gz, games.csv and labels.json.")],
    out: Annotated[Path, typer.Option(help="Where the scorer is written, as JSON.")],
    split: Annotated[Split, typer.Option(help="Which games to learn from.")] = Split.TRAIN,
    preset: Annotated[str, typer.Option(help="The preset whose lengths apply, and to be better than.")] = "gaming",
) -> None:
    """Learn from chats and labels; refused when no better than the preset on games that were left out."""
    from tldr_fusion_detector.domain.learning.training import TooLittleData, WorseThanDefault
    from tldrctl.evaluation.games import UnreadableData

    try:
        train_scorer(data, out, split.value, preset)
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    except (TooLittleData, WorseThanDefault) as error:
        typer.echo(f"tldrctl: {error}", err=True)
        raise typer.Exit(1) from None
    except (UnreadableData, OSError) as error:
        typer.echo(f"tldrctl: {error}", err=True)
        raise typer.Exit(2) from None


def train_scorer(data: Path, out: Path, split: str, preset: str) -> None:
    """Write a scorer and show its figures. Raises UnreadableData, TooLittleData and WorseThanDefault."""
    from tldr_fusion_detector.adapters.learning.trainer_sklearn import SklearnTrainer
    from tldr_fusion_detector.domain.scoring.scorer.document import write_scorer
    from tldrctl.evaluation.games import read_games, read_truth
    from tldrctl.evaluation.predict import profile_named
    from tldrctl.screen import say
    from tldrctl.training.labelled_games import labelled_games
    from tldrctl.training.progress import show_figures, training_progress

    profile, games = profile_named(preset), read_games(data, split)
    truth = read_truth(data, games)
    out.parent.mkdir(parents=True, exist_ok=True)
    with training_progress() as progress:
        streams = asyncio.run(labelled_games(games, truth, progress))
        created = datetime.now(UTC).isoformat(timespec="seconds")
        scorer = SklearnTrainer()(streams, profile, created=created, progress=progress)
    out.write_bytes(write_scorer(scorer))
    show_figures(scorer.provenance, preset)
    say(f"written: {out}")
