"""`tldrctl train`: a scorer from moments that people kept."""

from pathlib import Path
from typing import Annotated

import typer

from tldrctl.evaluation.games import Split
from tldrctl.options import FOLDER, ApiKey, Broker, Folder, Kafka, Url
from tldrctl.outcome import run_to_end

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


@app.command()
def moments(
    name: Annotated[str, typer.Option(help="What the scorer is called: small letters, digits and hyphens.")],
    verdicts: Annotated[bool, typer.Option("--verdicts", help="Learn from the highlights that were accepted.")] = False,
    moments: Annotated[Path | None, typer.Option(help="A CSV file with stream_id, start_ms and end_ms.")] = None,
    activate: Annotated[bool, typer.Option("--activate", help="Use it for new runs when it is ready.")] = False,
    url: Url = "",
    api_key: ApiKey = "",
    folder: Folder = FOLDER,
    kafka: Broker = Kafka.TANSU,
) -> None:
    """Have the mesh learn from your own streams: 0 when the scorer is ready, 1 when refused, 2 when it cannot be asked."""
    from tldrctl.mesh_client import MeshChoice
    from tldrctl.training.own_scorer import train_own

    if verdicts == (moments is not None):
        raise typer.BadParameter("give either --verdicts or --moments FILE")
    run_to_end(train_own(name, moments, MeshChoice(url, api_key, folder, kafka.value), activate=activate))
