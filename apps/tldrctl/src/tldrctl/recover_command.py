"""`tldrctl recover`: a key for an organization that lost all of its own."""

from pathlib import Path

import typer

from tldrctl.screen import say
from tldrctl.service_database import on_database


def recover_access(wanted: str, folder: Path, url: str, *, revoke_others: bool) -> int:
    """Print the new key once; 2 when there is no such organization."""
    from tldr_database import Database
    from tldr_gateway.adapters.accounts.recovery_postgres import Recovery
    from tldr_service import SystemClock

    async def work(database: Database) -> tuple[str, str] | None:
        recovery = Recovery(database, SystemClock())
        organization = await recovery.find(wanted)
        if organization is None:
            return None
        _, secret = await recovery.recover(organization, revoke_others=revoke_others)
        return organization, secret

    made = on_database(folder, "gateway", url, work)
    if made is None:
        typer.echo(f"tldrctl: no organization has the id or the owner {wanted!r}", err=True)
        return 2
    say(f"A key of {made[0]} that may do everything, shown this once:")
    say(made[1])
    return 0
