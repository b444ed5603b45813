"""The whole mesh on embedded servers, owned by a folder."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tldr_embedded import Addresses, Servers, start
from tldr_embedded.private_files import write_private
from tldr_mesh.environment import Environment, prepare
from tldr_mesh.one_process import OneProcess
from tldr_mesh.seven_processes import SevenProcesses

Kafka = Literal["tansu", "apache"]
Processes = Literal["one", "seven"]


@dataclass(frozen=True, slots=True)
class Mesh:
    """A running mesh."""

    url: str
    folder: Path
    servers: Servers
    processes: dict[str, int]
    rtmp_url: str


@asynccontextmanager
async def running_mesh(
    folder: Path,
    *,
    kafka: Kafka = "tansu",
    processes: Processes = "one",
    allow_loopback: bool = False,
    progress: Callable[[str], None] = lambda _: None,
) -> AsyncIterator[Mesh]:
    """Start or adopt the servers, start the services, and stop all of it at the end.

    Raises what `tldr_embedded.start` raises, and OSError when a service cannot start.
    """
    folder = folder.resolve()
    async with AsyncExitStack() as parts:
        servers = await start(folder, kafka, progress=progress)
        parts.push_async_callback(servers.stop)
        environment = await prepare(folder, servers.addresses, allow_loopback=allow_loopback)
        pids = await _start_services(parts, folder, servers, environment, processes)
        note = folder / "mesh.json"
        told = {"url": environment.gateway_url, "pid": os.getpid(), "services": pids, "allow_loopback": allow_loopback}
        told["rtmp_url"] = environment.rtmp_url
        write_private(note, told)
        parts.callback(note.unlink, missing_ok=True)
        progress(f"The API answers at {environment.gateway_url}")
        progress(f"Encoders publish to {environment.rtmp_url} with the key of their stream")
        yield Mesh(environment.gateway_url, folder, servers, pids, environment.rtmp_url)


async def _start_services(
    parts: AsyncExitStack, folder: Path, servers: Servers, environment: Environment, processes: Processes
) -> dict[str, int]:
    if processes == "one":
        hosts = OneProcess(environment, lambda: servers.addresses)
        parts.push_async_callback(hosts.stop)
        await hosts.start()
        return {name: os.getpid() for name in environment.by_service}
    told = [environment]
    seven = SevenProcesses(lambda: told[0], folder / "logs")
    parts.push_async_callback(seven.stop)
    await seven.start()
    following = asyncio.create_task(_follow(servers, seven, told, servers.addresses))
    parts.push_async_callback(_cancelled, following)
    return seven.pids


async def _follow(servers: Servers, seven: SevenProcesses, told: list[Environment], known: Addresses) -> None:
    """When a server moved, the processes are started again with its new address."""
    while True:
        known = await servers.wait_changed(known)
        told[:] = [told[0].moved(known)]
        await seven.restart()


async def _cancelled(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
