"""`tldrctl run`: the mesh until it is told to stop."""

import asyncio
import signal
from pathlib import Path
from typing import Literal

from tldr_mesh.mesh import running_mesh
from tldr_telemetry import configure_logs
from tldrctl.screen import say


async def run_mesh(
    folder: Path,
    kafka: Literal["tansu", "apache"],
    processes: Literal["one", "seven"],
    *,
    allow_loopback: bool,
    verbose: bool,
) -> int:
    """Start, wait for SIGINT or SIGTERM, stop in order."""
    configure_logs(level="INFO" if verbose else "WARNING")
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with running_mesh(
        folder, kafka=kafka, processes=processes, allow_loopback=allow_loopback, progress=say
    ) as mesh:
        say(f"ready: {mesh.url}/docs shows the API; Ctrl-C stops everything")
        await stop.wait()
        say("stopping")
    return 0
