"""An encoder: publishes a media file by RTMP in a process of its own, so that it can be stopped, frozen and killed.

What it sends is the file's packets as they are, by libavformat's own RTMP client; `python rtmp_publisher.py ADDRESS FILE
[PACE]` does the same by hand.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_ENDING_S = 10.0


@dataclass(slots=True)
class RtmpPublisher:
    """A publisher that runs."""

    process: asyncio.subprocess.Process

    def freeze(self) -> None:
        """It sends nothing more, and its connection stays."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on, as an encoder whose clock stood still."""
        self.process.send_signal(signal.SIGCONT)

    def drop(self) -> None:
        """It is gone without a word."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()

    async def ended(self, limit_s: float = 60.0) -> tuple[int, str]:
        """Its exit code (0: all was sent, and the stream was ended in order) and what it wrote."""
        async with asyncio.timeout(limit_s):
            _, said = await self.process.communicate()
        assert self.process.returncode is not None  # noqa: S101 - it was waited for
        return self.process.returncode, said.decode(errors="replace")


@asynccontextmanager
async def publishing(address: str, file: Path, *, pace: float = 1.0) -> AsyncIterator[RtmpPublisher]:
    """Publish a file, `pace` times as fast as it plays (0: as fast as it is taken); what still runs at the end is killed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        __file__,  # not as a module of the package, which loads much
        address,
        str(file),
        str(pace),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    publisher = RtmpPublisher(process)
    try:
        yield publisher
    finally:
        if process.returncode is None:
            publisher.thaw()
            publisher.drop()
            await publisher.ended(_ENDING_S)


def publish(address: str, file: str, pace: float) -> int:
    """All packets of a file, in the order of their times; how many they were. Raises an OSError of libavformat."""
    import av  # only the publishing process needs it

    sent = 0
    with av.open(file) as source, av.open(address, "w", format="flv", timeout=10) as target:
        streams: dict[int, Any] = {
            stream.index: target.add_stream_from_template(stream, opaque=True)
            for stream in source.streams
            if stream.type in ("video", "audio")
        }
        # Written before the first packet waits for its time: the publisher is connected from the start.
        target.start_encoding()
        began_s, first_s = time.monotonic(), None
        for packet in source.demux():
            if packet.dts is None or packet.stream_index not in streams:
                continue
            at_s = float(packet.dts * packet.time_base)
            first_s = at_s if first_s is None else first_s
            if pace:
                time.sleep(max(0.0, began_s + (at_s - first_s) / pace - time.monotonic()))
            packet.stream = streams[packet.stream_index]
            target.mux(packet)
            sent += 1
    return sent


if __name__ == "__main__":
    publish(sys.argv[1], sys.argv[2], float(sys.argv[3]) if len(sys.argv) > 3 else 1.0)
