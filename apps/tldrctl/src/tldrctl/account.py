"""The organization with which this folder's mesh is used from the command line: registered once, its key kept with mode 0600."""

import secrets
from http import HTTPStatus
from pathlib import Path

from tldr_client import ApiProblem, Client, register
from tldr_embedded.private_files import read_private, write_private


async def api_key_for(folder: Path, url: str) -> str:
    """The kept key where it still works on this mesh, else that of a fresh organization."""
    path = folder / "account.json"
    kept = read_private(path)
    if kept and await _works(url, kept["api_key"]):
        return str(kept["api_key"])
    made = await register(url, name="Command line", email=f"owner-{secrets.token_hex(6)}@example.com")
    write_private(path, {"organization_id": made.organization_id, "api_key": made.api_key})
    return made.api_key


async def _works(url: str, key: str) -> bool:
    async with Client(url, key) as client:
        try:
            await client.call("GET", "/v1/organization")
        except ApiProblem as problem:
            if problem.status != HTTPStatus.UNAUTHORIZED:
                raise
            return False
    return True
