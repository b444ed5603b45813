"""What the keeper is told to run, and what it says about it."""

import os
from dataclasses import asdict, dataclass
from typing import Any

HOLES = ("{port}", "{port2}")


@dataclass(frozen=True, slots=True)
class ServerSpec:
    """One server as a command. `{port}` and `{port2}` in it become free ports, `{fresh}` an id that is new at each start."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str]  # added to the keeper's few variables; may hold secrets, so it is never written down
    log: str
    stop_signal: int
    stop_seconds: float  # after the stop signal, until SIGKILL
    keep_port: bool  # False: another port at each start

    @property
    def ports_needed(self) -> int:
        return sum(any(hole in word for word in self.command) for hole in HOLES)

    def filled(self, ports: tuple[int, ...]) -> list[str]:
        values = {"{fresh}": os.urandom(8).hex(), **dict(zip(HOLES, map(str, ports), strict=False))}
        words = list(self.command)
        for hole, value in values.items():
            words = [word.replace(hole, value) for word in words]
        return words

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> "ServerSpec":
        return cls(**{**content, "command": tuple(content["command"])})


@dataclass(frozen=True, slots=True)
class ServerState:
    """A server as the keeper sees it. `exits` counts how often it died without being asked to."""

    pid: int | None
    ports: tuple[int, ...]
    exits: int

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> "ServerState":
        return cls(content["pid"], tuple(content["ports"]), content["exits"])
