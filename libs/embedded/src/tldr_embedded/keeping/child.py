"""One server as the keeper's child: started, started again after it died, stopped within a time limit."""

import ctypes
import math
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tldr_embedded import ports
from tldr_embedded.keeping.log_bound import bound
from tldr_embedded.private_files import read_private, write_private
from tldr_embedded.process_identity import ProcessIdentity
from tldr_embedded.server_spec import ServerSpec, ServerState

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 10.0
STEADY_SECONDS = 30.0  # having run this long, a server that dies is started again after the first pause
PR_SET_PDEATHSIG = 1
INHERITED = ("PATH", "HOME", "TMPDIR", "LANG")


def die_with_parent(stop_signal: int) -> Callable[[], None] | None:
    """For the child, before it becomes the server: Linux signals it when the keeper dies, however the keeper dies."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(PR_SET_PDEATHSIG, stop_signal)


class Child:
    """A state machine driven by `advance`, which never blocks."""

    def __init__(self, spec: ServerSpec, records: Path) -> None:
        self.spec = spec
        self._record = records / f"{spec.name}.json"
        self._ports: tuple[int, ...] = tuple((read_private(self._record) or {}).get("ports", ()))
        self._process: subprocess.Popen[bytes] | None = None
        self._wanted = True
        self._start_at = self._started_at = 0.0
        self._kill_at: float | None = None
        self._asked_to_stop = False
        self._exits = 0
        self._pause = FIRST_PAUSE
        Path(spec.log).unlink(missing_ok=True)

    @property
    def state(self) -> ServerState:
        return ServerState(self._process.pid if self._process else None, self._ports, self._exits)

    @property
    def stopped(self) -> bool:
        return self._process is None and not self._wanted

    def due(self) -> float:
        """The monotonic time of the next thing to do, unless the process exits first."""
        if self._process is None:
            return self._start_at if self._wanted else math.inf
        return math.inf if self._kill_at is None else self._kill_at

    def advance(self, now: float) -> None:
        if self._process is not None and self._process.poll() is not None:
            self._exited(now)
        if self._process is None and self._wanted and now >= self._start_at:
            self._start(now)
        if self._process is not None and self._kill_at is not None and now >= self._kill_at:
            self._process.kill()
            self._kill_at = None

    def stop(self, now: float) -> None:
        self._wanted = False
        if self._process is not None and not self._asked_to_stop:
            self._asked_to_stop = True
            self._process.send_signal(self.spec.stop_signal)
            self._kill_at = now + self.spec.stop_seconds

    def replace(self, spec: ServerSpec, now: float) -> None:
        """Goes on as another server of the same name, once the present one has gone."""
        self.stop(now)
        self.spec = spec
        self._wanted = True

    def bound_log(self) -> None:
        """Called now and then."""
        bound(Path(self.spec.log))

    def _start(self, now: float) -> None:
        wanted = self._ports if self.spec.keep_port else ()
        self._ports = ports.choose(self.spec.ports_needed, wanted=wanted, avoided=self._ports)
        inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
        with open(self.spec.log, "ab") as log:
            try:
                self._process = subprocess.Popen(  # noqa: S603
                    self.spec.filled(self._ports),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    env=inherited | self.spec.environment,
                    start_new_session=True,
                    preexec_fn=die_with_parent(self.spec.stop_signal),  # noqa: PLW1509 the keeper has one thread
                )
            except OSError as error:
                log.write(f"{error}\n".encode())
                self._fail(now)
                return
        self._started_at, self._kill_at, self._asked_to_stop = now, None, False
        self._write_record(ProcessIdentity.of(self._process.pid))

    def _exited(self, now: float) -> None:
        self._process, self._kill_at = None, None
        self._write_record(None)
        if not self._asked_to_stop:
            self._fail(now)

    def _fail(self, now: float) -> None:
        if now - self._started_at > STEADY_SECONDS:
            self._pause = FIRST_PAUSE
        self._exits += 1
        self._start_at = now + self._pause
        self._pause = min(self._pause * 2, LONGEST_PAUSE)

    def _write_record(self, identity: ProcessIdentity | None) -> None:
        process = {"pid": identity.pid, "created": identity.created} if identity else {}
        write_private(self._record, {**process, "ports": self._ports, "signal": self.spec.stop_signal})
