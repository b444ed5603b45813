"""`tldrctl verify-audit`: whether the audit log of an organization is what was written."""

from pathlib import Path

import typer

from tldrctl.screen import say
from tldrctl.service_database import on_database


def verify_audit_log(organization: str, folder: Path, url: str) -> int:
    """Recompute the whole chain: 0 when it holds, 1 with the first position that does not, 2 when there is no such log."""
    from tldr_database import Database
    from tldr_gateway.adapters.audit.audit_postgres import PostgresAuditLog
    from tldr_gateway.application.audit.verify_chain import Verification, VerifyChain

    async def work(database: Database) -> tuple[int, Verification]:
        checked, after = 0, 0
        while True:
            async with database.system() as transaction:
                found = await VerifyChain(PostgresAuditLog(transaction, organization))(after)
            checked += found.checked
            if found.next_after is None:
                return checked, found
            after = found.next_after

    checked, found = on_database(folder, "gateway", url, work)
    if found.head.position == 0:
        typer.echo(f"tldrctl: there is no audit log of an organization {organization!r}", err=True)
        return 2
    if not found.intact:
        say(f"{checked} entries hold; the one at position {found.broken_at} is missing or is not what was written.")
        return 1
    say(f"{checked} entries hold; the newest is {found.head.position}, with the hash {found.head.hash.hex()}.")
    return 0
