"""The database of one service: of the folder's mesh, or by its address."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import typer

if TYPE_CHECKING:
    from tldr_database import Database

T = TypeVar("T")


def on_database(folder: Path, service: str, url: str, work: "Callable[[Database], Awaitable[T]]") -> T:
    """Run the work on it; a service that there is not, or a database that is away, is a sentence and an exit."""
    from tldr_contracts.topics import SERVICES
    from tldr_database import Database, DatabaseAddress, DatabaseUnavailable
    from tldr_mesh.databases import database_of

    if service not in SERVICES:
        typer.echo(f"tldrctl: there is no service {service!r}; choose one of {', '.join(SERVICES)}", err=True)
        raise typer.Exit(2)

    async def run() -> T:
        database = Database.connect(DatabaseAddress(url, url, url)) if url else database_of(folder, service)
        try:
            return await work(database)
        finally:
            await database.close()

    try:
        return asyncio.run(run())
    except (OSError, DatabaseUnavailable) as error:
        typer.echo(f"tldrctl: the database cannot be reached; is the mesh running on {folder}? ({error})", err=True)
        raise typer.Exit(1) from error
