"""Names to addresses, as a port: tests and DNS rebinding need another answer than the system's."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from typing import Protocol


class Resolver(Protocol):
    """Turns a host name into IP addresses, best first. Raises OSError when it has none. May block for seconds."""

    def __call__(self, host: str, port: int) -> Sequence[str]: ...


def resolve_by_system(host: str, port: int) -> Sequence[str]:
    """Ask the system's resolver (which also reads numbers in odd notations, such as 0x7f000001, as addresses)."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))
