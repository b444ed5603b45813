"""`tldrctl dlq` and `tldrctl bus`: records that were given up, and events to be sent again."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from tldrctl.service_database import on_database

app = typer.Typer(no_args_is_help=True, help="Records that a service gave up.")
bus = typer.Typer(no_args_is_help=True, help="The event bus.")

Service = Annotated[str, typer.Option(help="The service that reads, for example fusion-detector.")]
Folder = Annotated[Path, typer.Option(help="The folder of the mesh.")]
DatabaseUrl = Annotated[
    str,
    typer.Option(
        help="Its database as the system role, for a mesh that is not embedded.", envvar="TLDR_DATABASE_SYSTEM_URL"
    ),
]
_FOLDER = Path(".tldr")


@app.command("list")
def list_(
    service: Service,
    stream: Annotated[str | None, typer.Option(help="Only those of this stream.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 100,
    folder: Folder = _FOLDER,
    database_url: DatabaseUrl = "",
) -> None:
    """List dead letters, the oldest first."""
    from rich.table import Table

    from tldr_bus import list_dead
    from tldrctl.screen import console

    letters = on_database(
        folder, service, database_url, lambda database: list_dead(database, subject=stream, limit=limit)
    )
    table = Table("id", "died at", "group", "stream", "event", "attempts", "error")
    for letter in letters:
        when = letter.died_at.isoformat(timespec="seconds")
        row = (str(letter.id), when, letter.group, letter.subject, letter.event, str(letter.attempts), letter.error)
        table.add_row(*row)
    console.print(table)


@app.command()
def show(
    id: Annotated[int, typer.Argument()], service: Service, folder: Folder = _FOLDER, database_url: DatabaseUrl = ""
) -> None:
    """Show one dead letter with its headers and its message."""
    from tldr_bus import NoSuchDeadLetter, show_dead
    from tldrctl.screen import say

    try:
        letter = on_database(folder, service, database_url, lambda database: show_dead(database, id))
    except NoSuchDeadLetter:
        typer.echo(f"tldrctl: there is no dead letter {id} in {service}", err=True)
        raise typer.Exit(1) from None
    record = letter.record
    say(f"{letter.event} of {letter.subject}, given up by {letter.group} at {letter.died_at.isoformat()}")
    say(f"from {record.topic} partition {record.partition} offset {record.offset}")
    say(f"after {letter.attempts} attempts: {letter.error}")
    for name, value in record.headers:
        say(f"  {name}: {value.decode(errors='replace') if value is not None else ''}")
    say(_message(record.topic, record.value or b""))


@app.command()
def redrive(
    ids: Annotated[list[int], typer.Argument()],
    service: Service,
    folder: Folder = _FOLDER,
    database_url: DatabaseUrl = "",
) -> None:
    """Hand dead letters to their reader again; one that was redriven already is left alone."""
    from tldr_bus import redrive as again
    from tldrctl.screen import say

    admitted = on_database(folder, service, database_url, lambda database: again(database, ids))
    say(f"{admitted} of {len(ids)} redriven")


@bus.command()
def replay(
    service: Service,
    since: Annotated[datetime, typer.Option(help="Events written since then, UTC.", formats=["%Y-%m-%dT%H:%M:%S"])],
    folder: Folder = _FOLDER,
    database_url: DatabaseUrl = "",
) -> None:
    """Send a service's kept events again; readers drop what had its effect."""
    from datetime import UTC

    from tldr_bus import replay_since
    from tldrctl.screen import say

    count = on_database(
        folder, service, database_url, lambda database: replay_since(database, since.replace(tzinfo=UTC))
    )
    say(f"{count} events will be sent again")


def _message(topic: str, value: bytes) -> str:
    from google.protobuf import json_format
    from google.protobuf.message import DecodeError

    from tldr_contracts.topics import topic_named

    try:
        return str(json_format.MessageToJson(topic_named(topic).message.FromString(value)))
    except (DecodeError, KeyError):
        return f"{len(value)} bytes that are not a message of {topic}"
