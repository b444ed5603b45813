"""`tldrctl train`: a scorer from moments that people kept."""

from pathlib import Path
from typing import Annotated

import typer

from tldrctl.evaluation.games import Split

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
    from tldrctl.training.labelled_scorer import train_scorer

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
