"""What starting needs to know of each server."""

from pathlib import Path
from typing import Protocol

from tldr_embedded.server_spec import ServerSpec


class Provider(Protocol):
    """A server to be run: prepared once per start, then probed until it answers."""

    @property
    def title(self) -> str:
        """Its name in sentences."""

    @property
    def patience(self) -> float:
        """Seconds from the command's start to the first answer at most."""

    async def prepare(self) -> ServerSpec:
        """Makes data folders and configuration where they are missing, changes nothing where they are there.

        Two calls on one folder give equal specs, so that a running server is adopted instead of replaced. May run
        while the server is up. Raises ServerFailed.
        """

    async def probe(self, port: int) -> None:
        """Returns when the server does its work on this port; raises OSError, EOFError or ProbeFailed when not (yet)."""


class ProbeFailed(Exception):
    """Something answered, but not as a server that is ready."""


def log_path(folder: Path, name: str) -> Path:
    return folder / "logs" / f"{name}.log"
