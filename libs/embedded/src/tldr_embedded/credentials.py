"""The passwords and keys of a folder's servers: made once, kept with the data they open."""

import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from tldr_embedded.private_files import read_private, write_private


@dataclass(frozen=True, slots=True, repr=False)
class Credentials:
    postgres: str
    redis: str
    s3_access_key: str
    s3_secret_key: str


def credentials_of(folder: Path) -> Credentials:
    """Hexadecimal throughout: nothing to quote in a DSN, a URL or a configuration file."""
    path = folder / "secrets.json"
    if content := read_private(path):
        return Credentials(**content)
    made = Credentials(*(secrets.token_hex(length) for length in (24, 24, 10, 20)))
    write_private(path, asdict(made))
    return made
