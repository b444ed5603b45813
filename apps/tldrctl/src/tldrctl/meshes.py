"""The mesh to talk to: one that runs, or one started for the occasion."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

import httpx


@asynccontextmanager
async def mesh_at(
    folder: Path, kafka: Literal["tansu", "apache"], *, allow_loopback: bool, progress: Callable[[str], None]
) -> AsyncIterator[str]:
    """The address of the mesh that runs on this folder, or of one that is started here and stopped at the end."""
    running = await running_at(folder)
    if running:
        progress(f"Using the mesh that runs at {running}")
        yield running
        return
    from tldr_mesh.mesh import running_mesh

    async with running_mesh(folder, kafka=kafka, allow_loopback=allow_loopback, progress=progress) as mesh:
        yield mesh.url


async def running_at(folder: Path) -> str | None:
    """The address of the mesh that runs on this folder, if it answers."""
    try:
        url = str(json.loads((folder / "mesh.json").read_text())["url"])
        async with httpx.AsyncClient(trust_env=False, timeout=2) as http:
            answer = await http.get(f"{url}/health/live")
    except (OSError, ValueError, KeyError, httpx.HTTPError):
        return None
    return url if answer.is_success else None
