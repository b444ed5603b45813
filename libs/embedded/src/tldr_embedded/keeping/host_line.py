"""The keeper's end of its connection to a host: one host at a time, known by the token of the pid file."""

import json
import math
import select
import selectors
import socket
import time
from typing import Any

from tldr_embedded.keeper_messages import LINE_LIMIT, encode

GRACE_SECONDS = 30.0  # until the first host says otherwise
HOST_SECONDS = 2.0  # a host that does not greet or read within this is not waited for
GREETING_LIMIT = 4096


class HostLine:
    def __init__(self, selector: selectors.BaseSelector, token: str) -> None:
        self.messages: list[dict[str, Any]] = []
        self._selector = selector
        self._token = token
        self._host: socket.socket | None = None
        self._host_pid = 0
        self._heard = b""
        self._told: dict[str, Any] = {}
        self._grace = GRACE_SECONDS
        self._alone_since = time.monotonic()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        selector.register(self._listener, selectors.EVENT_READ, self._greet)

    def abandoned_at(self) -> float:
        """The monotonic time at which the last host has been gone for too long; never while one is connected."""
        return math.inf if self._host is not None else self._alone_since + self._grace

    def close_door(self) -> None:
        """Lets no further host in."""
        if self._listener.fileno() >= 0:
            self._selector.unregister(self._listener)
            self._listener.close()

    def tell(self, states: dict[str, Any]) -> None:
        """Sends the states of the servers when they differ from what this host was told last."""
        if self._host is None or states == self._told:
            return
        try:
            self._host.sendall(encode({"servers": states}))
            self._told = states
        except OSError:
            self._part()

    def _greet(self) -> None:
        guest, _ = self._listener.accept()
        guest.settimeout(HOST_SECONDS)
        try:
            hello = json.loads(_first_line(guest))
            if not _same(str(hello["hello"]), self._token):
                raise ValueError("wrong token")
            if self._host is not None and not _has_left(self._host):
                guest.sendall(encode({"busy": self._host_pid}))
                guest.close()
                return
            pid, grace = int(hello["pid"]), float(hello["grace"])
            guest.sendall(encode({"welcome": True}))
        except (OSError, ValueError, KeyError, TypeError):
            guest.close()
            return
        self._part()
        self._host, self._host_pid, self._grace, self._heard, self._told = guest, pid, grace, b"", {}
        self._selector.register(guest, selectors.EVENT_READ, self._listen)

    def _listen(self) -> None:
        if self._host is None:
            return
        try:
            heard = self._host.recv(65536)
        except OSError:
            heard = b""
        if not heard or len(self._heard) > LINE_LIMIT:
            self._part()
            return
        *lines, self._heard = (self._heard + heard).split(b"\n")
        self.messages.extend(json.loads(line) for line in lines)

    def _part(self) -> None:
        if self._host is not None:
            self._selector.unregister(self._host)
            self._host.close()
            self._host, self._alone_since = None, time.monotonic()


def _same(said: str, token: str) -> bool:
    """In a time that does not depend on how much of it is right."""
    return len(said) == len(token) and sum(a != b for a, b in zip(said, token, strict=True)) == 0


def _has_left(host: socket.socket) -> bool:
    """A killed host may not have been noticed yet when the next one greets."""
    readable, _, _ = select.select([host], [], [], 0)
    try:
        return bool(readable) and host.recv(1, socket.MSG_PEEK) == b""
    except OSError:
        return True


def _first_line(guest: socket.socket) -> bytes:
    line = b""
    while not line.endswith(b"\n") and len(line) < GREETING_LIMIT:
        byte = guest.recv(1)  # one by one: what follows the first line is for the selector
        if not byte:
            break
        line += byte
    return line
