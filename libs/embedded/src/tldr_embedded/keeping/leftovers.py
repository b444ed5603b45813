"""Servers whose keeper was killed: found by their pid files and stopped before new ones start."""

import signal
import time
from pathlib import Path

from tldr_embedded.private_files import read_private
from tldr_embedded.process_identity import ProcessIdentity

STOP_SECONDS = 15.0


def stop_leftovers(records: Path) -> None:
    """Blocks until they are gone. A pid that belongs to another process by now is left alone."""
    leftovers: list[ProcessIdentity] = []
    for path in records.glob("*.json"):
        record = read_private(path) or {}
        if path.name != "keeper.json" and "pid" in record:
            identity = ProcessIdentity(record["pid"], record["created"])
            identity.send(record["signal"])
            leftovers.append(identity)
    deadline = time.monotonic() + STOP_SECONDS
    for identity in leftovers:
        if not identity.wait_gone(deadline - time.monotonic()):
            identity.send(signal.SIGKILL)
            identity.wait_gone(STOP_SECONDS)
