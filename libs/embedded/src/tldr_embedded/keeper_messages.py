"""The words between a host and the keeper: JSON objects, one a line, over a loopback connection.

Host: {"hello": TOKEN, "pid": N, "grace": SECONDS} first, then any of {"run": SERVER} and {"stop": true}.
Keeper: {"welcome": true} or {"busy": PID}, then {"servers": {NAME: STATE}} whenever it changes; the end of the connection
after a stop means that all servers are gone.

A loopback port with a token instead of a Unix socket, whose path may not be longer than 108 bytes: folders can be deep.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tldr_embedded.private_files import read_private, write_private
from tldr_embedded.process_identity import ProcessIdentity

PROTOCOL = 1  # a keeper that speaks another one is stopped, not adopted
LINE_LIMIT = 2**20


def encode(message: dict[str, Any]) -> bytes:
    return json.dumps(message, separators=(",", ":")).encode() + b"\n"


def records(folder: Path) -> Path:
    """Where pid files are."""
    return folder / "keeper"


@dataclass(frozen=True, slots=True)
class KeeperRecord:
    """The keeper's own pid file: who it is and how to talk to it."""

    pid: int
    created: float
    port: int
    token: str
    protocol: int = PROTOCOL

    @property
    def identity(self) -> ProcessIdentity:
        return ProcessIdentity(self.pid, self.created)

    @staticmethod
    def path(folder: Path) -> Path:
        return records(folder) / "keeper.json"

    def write(self, folder: Path) -> None:
        write_private(self.path(folder), asdict(self))

    @classmethod
    def read(cls, folder: Path) -> "KeeperRecord | None":
        content = read_private(cls.path(folder))
        try:
            return cls(**content) if content else None
        except TypeError:
            return None
