"""The keeper: the parent of the servers, which stops them when no host has been connected for a while.

Run as `python -m tldr_embedded.keeping.keeper FOLDER`. One thread and one selector; it sleeps until a child exits, a host
speaks or a time limit is due. Imports little, because it lives as long as the mesh does (`secrets` alone would add OpenSSL
and 3 MB, psutil is 5 of its 15 MB).
"""

import fcntl
import os
import selectors
import signal
import socket
import sys
import time
from pathlib import Path
from types import FrameType

from tldr_embedded.keeper_messages import KeeperRecord, records
from tldr_embedded.keeping.child import Child
from tldr_embedded.keeping.host_line import HostLine
from tldr_embedded.keeping.leftovers import stop_leftovers
from tldr_embedded.process_identity import ProcessIdentity
from tldr_embedded.server_spec import ServerSpec

HOUSEKEEPING_SECONDS = 60.0
LOCK_SECONDS = 60.0


class Keeper:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._children: dict[str, Child] = {}
        self._selector = selectors.DefaultSelector()
        self._line = HostLine(self._selector, token := os.urandom(32).hex())
        self._housekept = time.monotonic()
        self._stopping = self._signalled = False
        self._ring_on_signals()
        me = ProcessIdentity.of(os.getpid())
        KeeperRecord(me.pid, me.created, self._line.port, token).write(folder)

    def serve(self) -> None:
        """Until it was told to stop, or left alone, and all servers are gone."""
        while not (self._stopping and all(child.stopped for child in self._children.values())):
            for key, _ in self._selector.select(self._patience()):
                key.data()
            self._obey()
            now = time.monotonic()
            if self._signalled or now >= self._line.abandoned_at():
                self._stop()
            for child in self._children.values():
                child.advance(now)
            self._keep_house(now)
            self._line.tell({name: child.state.as_json() for name, child in self._children.items()})

    def _patience(self) -> float:
        times = [child.due() for child in self._children.values()]
        if not self._stopping:
            times.append(self._line.abandoned_at())
        return max(0.0, min(*times, self._housekept + HOUSEKEEPING_SECONDS) - time.monotonic())

    def _ring_on_signals(self) -> None:
        """SIGTERM and SIGINT stop; SIGCHLD only wakes the selector, through the descriptor Python writes signals to."""
        bell, rope = socket.socketpair()
        bell.setblocking(False)
        rope.setblocking(False)
        signal.set_wakeup_fd(rope.detach(), warn_on_full_buffer=False)
        self._selector.register(bell, selectors.EVENT_READ, lambda: bell.recv(4096))

        def stop(_number: int, _frame: FrameType | None) -> None:
            self._signalled = True

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)

    def _obey(self) -> None:
        messages, self._line.messages = self._line.messages, []
        for message in messages:
            if "run" in message and not self._stopping:
                self._run(ServerSpec.from_json(message["run"]))
            if "stop" in message:
                self._stop()

    def _run(self, spec: ServerSpec) -> None:
        child = self._children.get(spec.name)
        if child is None:
            self._children[spec.name] = Child(spec, records(self._folder))
        elif child.spec != spec:
            child.replace(spec, time.monotonic())

    def _stop(self) -> None:
        """No new host gets in from here on: the next keeper waits for the lock of this one."""
        if not self._stopping:
            self._stopping = True
            KeeperRecord.path(self._folder).unlink(missing_ok=True)
            self._line.close_door()
            for child in self._children.values():
                child.stop(time.monotonic())

    def _keep_house(self, now: float) -> None:
        if now >= self._housekept + HOUSEKEEPING_SECONDS:
            self._housekept = now
            for child in self._children.values():
                child.bound_log()


def _lock(path: Path) -> int:
    """Held until the process ends, so that a folder has one keeper; waits for the one before to finish."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return descriptor
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def main() -> None:
    folder = Path(sys.argv[1])
    records(folder).mkdir(mode=0o700, exist_ok=True)
    _lock(records(folder) / "lock")
    stop_leftovers(records(folder))
    Keeper(folder).serve()


if __name__ == "__main__":
    main()
