"""The mesh to talk to: one that runs, or one started for the occasion."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal

import httpx
import psutil


class LoopbackRefused(Exception):
    """The mesh that runs on a folder does not let webhooks be on this machine."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"The mesh that runs on {folder} sends no webhooks to this machine, and they are needed here. "
            "Stop it, start it with --allow-loopback, or use another folder."
        )


class MeshRuns(Exception):
    """A mesh runs on the folder, which does not listen to this demo's chat."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"A mesh runs on {folder}. Stop it, or use another folder: this demo brings its own chat.")


@asynccontextmanager
async def mesh_at(
    folder: Path, kafka: Literal["tansu", "apache"], *, allow_loopback: bool, progress: Callable[[str], None]
) -> AsyncIterator[str]:
    """The address of the mesh that runs on this folder, or of one that is started here and stopped at the end.

    Raises LoopbackRefused when one runs that lacks what `allow_loopback` asks for, else what `running_mesh` raises.
    """
    running = await running_at(folder)
    if running:
        if allow_loopback and not _note(folder).get("allow_loopback"):
            raise LoopbackRefused(folder)
        progress(f"Using the mesh that runs at {running}")
        yield running
        return
    from tldr_mesh.mesh import running_mesh
    from tldr_telemetry import configure_logs

    configure_logs(level="ERROR")
    async with running_mesh(folder, kafka=kafka, allow_loopback=allow_loopback, progress=progress) as mesh:
        yield mesh.url


async def running_at(folder: Path) -> str | None:
    """The address of the mesh that runs on this folder, if it answers."""
    try:
        note = _note(folder)
        url = str(note["url"])
        if not psutil.pid_exists(note["pid"]):
            return None  # what answers there now is another's
        async with httpx.AsyncClient(trust_env=False, timeout=2) as http:
            answer = await http.get(f"{url}/health/live")
    except (OSError, ValueError, KeyError, httpx.HTTPError):
        return None
    return url if answer.is_success else None


def _note(folder: Path) -> dict[str, Any]:
    """What the mesh of a folder left there when it started."""
    note: dict[str, Any] = json.loads((folder / "mesh.json").read_text())
    return note
