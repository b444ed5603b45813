"""Options that several commands have, and what their values may be."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Kafka(StrEnum):
    """Which broker the embedded mesh uses."""

    TANSU = "tansu"
    APACHE = "apache"


Folder = Annotated[Path, typer.Option(help="Where the embedded mesh keeps everything.")]
Broker = Annotated[Kafka, typer.Option(help="The embedded broker, or Apache Kafka (needs Java 17 and Maven).")]
Url = Annotated[str, typer.Option(help="A mesh that runs; without it, that of the folder.")]
ApiKey = Annotated[str, typer.Option(help="An API key for it.", envvar="TLDR_API_KEY")]
FOLDER = Path(".tldr")


def instant(written: str) -> datetime:
    """A date and time with its zone; typer.BadParameter for what could mean several."""
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise typer.BadParameter("write a date and time with its zone, as 2026-01-31T20:15:00Z")
    return found
