"""The command line. Heavy parts are imported by the command that needs them."""

import asyncio
import sys
from collections.abc import Coroutine
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from tldrctl import dead_letters_command, eval_command, train_command

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="TL;DR Highlights: run the mesh, give it recordings, look after it.",
)
app.add_typer(dead_letters_command.app, name="dlq")
app.add_typer(dead_letters_command.bus, name="bus")
app.add_typer(eval_command.app, name="eval")
app.add_typer(train_command.app, name="train")


class Kafka(StrEnum):
    """Which broker the embedded mesh uses."""

    TANSU = "tansu"
    APACHE = "apache"


class Processes(StrEnum):
    """How the seven services are spread."""

    ONE = "one"
    SEVEN = "seven"


Folder = Annotated[Path, typer.Option(help="Where the embedded mesh keeps everything.")]
Broker = Annotated[Kafka, typer.Option(help="The embedded broker, or Apache Kafka (needs Java 17 and Maven).")]
_FOLDER = Path(".tldr")


@app.command()
def run(
    folder: Folder = _FOLDER,
    kafka: Broker = Kafka.TANSU,
    processes: Annotated[
        Processes, typer.Option(help="All services in one process, or each in its own.")
    ] = Processes.ONE,
    allow_loopback: Annotated[
        bool, typer.Option(help="Let sources and webhooks be on this machine. For development only.")
    ] = False,
    verbose: Annotated[bool, typer.Option(help="Show the services' logs.")] = False,
) -> None:
    """Run the mesh on embedded servers until Ctrl-C."""
    from tldrctl.run_command import run_mesh

    _go(run_mesh(folder, kafka.value, processes.value, allow_loopback=allow_loopback, verbose=verbose))


@app.command()
def process(
    video: Annotated[Path, typer.Argument(help="A recording: anything FFmpeg reads.", exists=True, dir_okay=False)],
    chat: Annotated[
        Path | None, typer.Option(help="Its chat: TwitchDownloader or chat-downloader JSON, or CSV.", exists=True)
    ] = None,
    chat_offset_ms: Annotated[int, typer.Option(help="Added to each message's time to give stream time.")] = 0,
    preset: Annotated[str, typer.Option(help="gaming, sports, education or corporate.")] = "gaming",
    channel: Annotated[
        str | None, typer.Option(help="The channel it belongs to; recordings of one channel share what was learned.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Where clips and thumbnails are put.")] = Path("highlights"),
    url: Annotated[str, typer.Option(help="A mesh that runs; without it, one is started.")] = "",
    api_key: Annotated[str, typer.Option(help="An API key for it.", envvar="TLDR_API_KEY")] = "",
    folder: Folder = _FOLDER,
    kafka: Broker = Kafka.TANSU,
) -> None:
    """Find the highlights of a recording of your own."""
    from tldrctl.process_command import Request, process_recording

    request = Request(video, chat, chat_offset_ms, preset, channel)
    _go(process_recording(request, out, url=url, api_key=api_key, folder=folder, kafka=kafka.value))


@app.command()
def demo(
    seed: Annotated[int, typer.Option(help="Which moments are planted.")] = 7,
    folder: Folder = _FOLDER,
    kafka: Broker = Kafka.TANSU,
) -> None:
    """Render a broadcast with five planted moments, have them found, and compare."""
    from tldrctl.demo_command import run_demo

    _go(run_demo(seed, folder, kafka.value))


@app.command()
def explain(
    highlight: Annotated[str, typer.Argument(help="A highlight's id: hl_…")],
    url: Annotated[str, typer.Option(help="A mesh that runs; without it, that of the folder.")] = "",
    api_key: Annotated[str, typer.Option(help="An API key for it.", envvar="TLDR_API_KEY")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the API's answer.")] = False,
    folder: Folder = _FOLDER,
    kafka: Broker = Kafka.TANSU,
) -> None:
    """Recompute a highlight's score from its stored signals: 0 when it holds, 1 when not, 2 when there is none."""
    from tldrctl.explain_command import explain_highlight

    _go(explain_highlight(highlight, url=url, api_key=api_key, folder=folder, kafka=kafka.value, as_json=as_json))


@app.command()
def rescore(
    stream: Annotated[str, typer.Argument(help="A completed stream's id: str_…")],
    preset: Annotated[
        str | None, typer.Option(help="gaming, sports, education or corporate; without it, the stream's own.")
    ] = None,
    make_default: Annotated[
        bool, typer.Option("--make-default", help="Its highlights become those of the stream; otherwise it is a look.")
    ] = False,
    url: Annotated[str, typer.Option(help="A mesh that runs; without it, that of the folder.")] = "",
    api_key: Annotated[str, typer.Option(help="An API key for it.", envvar="TLDR_API_KEY")] = "",
    folder: Folder = _FOLDER,
    kafka: Broker = Kafka.TANSU,
) -> None:
    """Detect on a completed stream once more, under another preset, from the signals that are kept."""
    from tldrctl.rescore_command import rescore_stream

    asked = rescore_stream(
        stream, preset, make_default=make_default, url=url, api_key=api_key, folder=folder, kafka=kafka.value
    )
    _go(asked)


@train_command.app.command("moments")
def train_moments(
    name: Annotated[str, typer.Option(help="What the scorer is called: small letters, digits and hyphens.")],
    verdicts: Annotated[bool, typer.Option("--verdicts", help="Learn from the highlights that were accepted.")] = False,
    moments: Annotated[Path | None, typer.Option(help="A CSV file with stream_id, start_ms and end_ms.")] = None,
    activate: Annotated[bool, typer.Option("--activate", help="Use it for new runs when it is ready.")] = False,
    url: Annotated[str, typer.Option(help="A mesh that runs; without it, that of the folder.")] = "",
    api_key: Annotated[str, typer.Option(help="An API key for it.", envvar="TLDR_API_KEY")] = "",
    folder: Folder = _FOLDER,
    kafka: Broker = Kafka.TANSU,
) -> None:
    """Have the mesh learn from your own streams: 0 when the scorer is ready, 1 when refused, 2 when it cannot be asked."""
    from tldrctl.training.own_scorer import train_own

    if verdicts == (moments is not None):
        raise typer.BadParameter("give either --verdicts or --moments FILE")
    own = train_own(name, moments, activate=activate, url=url, api_key=api_key, folder=folder, kafka=kafka.value)
    _go(own)


@app.command()
def migrate(
    service: Annotated[str, typer.Argument(help="One of the seven, for example gateway.")],
    database_url: Annotated[
        str, typer.Option(help="Its database as the owner role.", envvar="TLDR_DATABASE_OWNER_URL", show_envvar=True)
    ],
) -> None:
    """Bring a service's tables up to date before it is started anew. The embedded mesh does it by itself."""
    from tldrctl.migrate_command import migrate as bring_up

    _go(bring_up(service, database_url))


@app.command()
def recover(
    organization: Annotated[str, typer.Argument(help="Its id (org_…), or its owner's email address.")],
    revoke_others: Annotated[bool, typer.Option("--revoke-others", help="Revoke all its other keys.")] = False,
    folder: Folder = _FOLDER,
    database_url: Annotated[
        str,
        typer.Option(
            help="The gateway's database as the system role, for a mesh that is not embedded.",
            envvar="TLDR_DATABASE_SYSTEM_URL",
        ),
    ] = "",
) -> None:
    """Make a new API key for an organization that lost all its keys. For operators; the audit log says so."""
    from tldrctl.recover_command import recover_access

    raise typer.Exit(recover_access(organization, folder, database_url, revoke_others=revoke_others))


@app.command()
def doctor(folder: Folder = _FOLDER) -> None:
    """Say what is missing or broken on this machine, and what to do."""
    from tldrctl.doctor_command import examine

    _go(examine(folder))


@app.command()
def reset(
    folder: Folder = _FOLDER,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Stop what runs on the folder and delete it with all its data."""
    from tldrctl.reset_command import reset_folder

    _go(reset_folder(folder, ask=not yes and sys.stdin.isatty()))


def _go(work: Coroutine[Any, Any, int]) -> None:
    """Run to the end; Ctrl-C is an orderly end, an expected error one sentence."""
    from tldrctl.failures import sentence_for

    try:
        code = asyncio.run(work)
    except KeyboardInterrupt:
        code = 130
    except Exception as error:
        sentence = sentence_for(error)
        if sentence is None:
            raise
        typer.echo(f"tldrctl: {sentence}", err=True)
        code = 1
    raise typer.Exit(code)
