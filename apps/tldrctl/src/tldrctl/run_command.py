"""`tldrctl run`: the mesh until it is told to stop."""

import asyncio
import contextlib
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
    """Start, wait for SIGINT or SIGTERM, stop in order; also when the signal comes while it starts."""
    logs = folder / "logs"
    logs.mkdir(mode=0o700, parents=True, exist_ok=True)
    configure_logs(level="INFO" if verbose else "WARNING", file=None if verbose else logs / "services.log")
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    serving = asyncio.create_task(_serve(folder, kafka, processes, allow_loopback))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait([serving, stopping], return_when=asyncio.FIRST_COMPLETED)
    if stop.is_set():
        say("stopping")
    stopping.cancel()
    serving.cancel()  # once: a second Ctrl-C does not interrupt the stopping
    with contextlib.suppress(asyncio.CancelledError):
        await serving
    return 0


async def _serve(
    folder: Path, kafka: Literal["tansu", "apache"], processes: Literal["one", "seven"], allow_loopback: bool
) -> None:
    """Until cancelled."""
    async with running_mesh(
        folder, kafka=kafka, processes=processes, allow_loopback=allow_loopback, progress=say
    ) as mesh:
        say(f"ready: {mesh.url}/docs shows the API; Ctrl-C stops everything")
        await asyncio.Event().wait()
