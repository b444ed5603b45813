"""`tldrctl migrate`: a service's tables, brought up to date by themselves."""

import typer

from tldrctl.screen import say


async def migrate(service: str, owner: str) -> int:
    """Run what is missing; 2 when there is no such service."""
    from tldr_database import outdated, upgrade
    from tldr_mesh.services import DEFINITIONS

    definition = next((one for one in DEFINITIONS if one.name == service), None)
    if definition is None:
        typer.echo(
            f"tldrctl: there is no service {service!r}; choose one of {', '.join(one.name for one in DEFINITIONS)}",
            err=True,
        )
        return 2
    missing = await outdated(owner, definition.migrations)
    await upgrade(owner, definition.migrations)
    say(f"{service}: {missing.found or 'no tables'} → {missing.needed}" if missing else f"{service}: up to date")
    return 0
