"""The command line. Heavy parts are imported by the command that needs them."""

import sys
from enum import StrEnum
from typing import Annotated

import typer

from tldrctl import dead_letters_command, eval_command, stream_commands, train_command
from tldrctl.options import FOLDER, Broker, Folder, Kafka
from tldrctl.outcome import run_to_end

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="TL;DR Highlights: run the mesh, give it recordings, look after it.",
)
app.add_typer(stream_commands.app)
app.add_typer(dead_letters_command.app, name="dlq")
app.add_typer(dead_letters_command.bus, name="bus")
app.add_typer(eval_command.app, name="eval")
app.add_typer(train_command.app, name="train")


class Processes(StrEnum):
    """How the seven services are spread."""

    ONE = "one"
    SEVEN = "seven"


@app.command()
def run(
    folder: Folder = FOLDER,
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

    run_to_end(run_mesh(folder, kafka.value, processes.value, allow_loopback=allow_loopback, verbose=verbose))


@app.command()
def demo(
    seed: Annotated[int, typer.Option(help="Which moments are planted.")] = 7,
    folder: Folder = FOLDER,
    kafka: Broker = Kafka.TANSU,
) -> None:
    """Render a broadcast with five planted moments, have them found, and compare."""
    from tldrctl.demo_command import run_demo

    run_to_end(run_demo(seed, folder, kafka.value))


@app.command()
def resolve(
    address: Annotated[str, typer.Argument(help="A page of Twitch, YouTube or Kick, or any other source.")],
    max_height: Annotated[int, typer.Option(min=0, help="The tallest rendition that may be read; 0: any.")] = 720,
    javascript: Annotated[
        str, typer.Option(help="What runs YouTube's scripts, as deno:/usr/bin/deno. They are not run without.")
    ] = "",
    allow_loopback: Annotated[bool, typer.Option(help="Let sources be on this machine. For development only.")] = False,
) -> None:
    """Say what would be read of a page: 0 when it is known, 1 when not. Asks the real site from this machine."""
    from tldrctl.resolve_command import resolve_page

    name, colon, path = javascript.partition(":")
    if javascript and not (colon and path.startswith("/")):
        raise typer.BadParameter("write the runtime's name and its whole path, as deno:/usr/bin/deno")
    runtime = {name: path} if javascript else {}
    run_to_end(resolve_page(address, max_height, runtime, allow_loopback=allow_loopback))


class ChatSite(StrEnum):
    """Where a live chat is written."""

    TWITCH = "twitch"
    YOUTUBE = "youtube"


@app.command()
def chat(
    site: Annotated[ChatSite, typer.Argument(help="Where it is written.")],
    channel: Annotated[str, typer.Argument(help="A channel on Twitch; a video or @channel on YouTube; or an address.")],
    seconds: Annotated[float, typer.Option(min=1, max=86_400, help="For how long.")] = 60,
    allow_loopback: Annotated[bool, typer.Option(help="Let it be on this machine. For development only.")] = False,
) -> None:
    """Read a live chat as the service does and print its windows: 0 when it was read, 1 when not. Asks the real site."""
    from tldrctl.chat_command import follow_chat

    run_to_end(follow_chat(site.value, channel, seconds, allow_loopback=allow_loopback))


class Ways(StrEnum):
    """How the demo's match goes out."""

    RTMP = "rtmp"
    HLS = "hls"
    BOTH = "both"


@app.command(name="demo-live")
def demo_live(
    seed: Annotated[int, typer.Option(help="Which moments are planted.")] = 7,
    by: Annotated[Ways, typer.Option(help="By RTMP, by HLS, or one after the other.")] = Ways.BOTH,
    folder: Folder = FOLDER,
    kafka: Broker = Kafka.TANSU,
) -> None:
    """Broadcast the demo's match in real time, and tell each highlight as it is found, with its delay."""
    from tldrctl.demo_live_command import run_demo_live

    run_to_end(run_demo_live(seed, folder, kafka.value, by_rtmp=by is not Ways.HLS, by_hls=by is not Ways.RTMP))


@app.command()
def migrate(
    service: Annotated[str, typer.Argument(help="One of the seven, for example gateway.")],
    database_url: Annotated[
        str, typer.Option(help="Its database as the owner role.", envvar="TLDR_DATABASE_OWNER_URL", show_envvar=True)
    ],
) -> None:
    """Bring a service's tables up to date before it is started anew. The embedded mesh does it by itself."""
    from tldrctl.migrate_command import migrate as bring_up

    run_to_end(bring_up(service, database_url))


@app.command()
def recover(
    organization: Annotated[str, typer.Argument(help="Its id (org_…), or its owner's email address.")],
    revoke_others: Annotated[bool, typer.Option("--revoke-others", help="Revoke all its other keys.")] = False,
    folder: Folder = FOLDER,
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


@app.command(name="verify-audit")
def verify_audit(
    organization: Annotated[str, typer.Argument(help="Its id (org_…).")],
    folder: Folder = FOLDER,
    database_url: Annotated[
        str,
        typer.Option(
            help="The gateway's database as the system role, for a mesh that is not embedded.",
            envvar="TLDR_DATABASE_SYSTEM_URL",
        ),
    ] = "",
) -> None:
    """Say whether the audit log of an organization is what was written: 0 when it is, 1 when not."""
    from tldrctl.audit_command import verify_audit_log

    raise typer.Exit(verify_audit_log(organization, folder, database_url))


@app.command()
def doctor(folder: Folder = FOLDER) -> None:
    """Say what is missing or broken on this machine, and what to do."""
    from tldrctl.doctor_command import examine

    run_to_end(examine(folder))


@app.command()
def reset(
    folder: Folder = FOLDER,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Stop what runs on the folder and delete it with all its data."""
    from tldrctl.reset_command import reset_folder

    run_to_end(reset_folder(folder, ask=not yes and sys.stdin.isatty()))
