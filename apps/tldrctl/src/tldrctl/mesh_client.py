"""The client of the mesh that a command is about: one elsewhere, or that of a folder."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tldr_client import Client
from tldrctl.account import api_key_for
from tldrctl.meshes import mesh_at
from tldrctl.screen import say


class NoMesh(Exception):
    """Which mesh is meant cannot be told; the message says what to give."""


@dataclass(frozen=True, slots=True)
class MeshChoice:
    """A mesh elsewhere by its `url`, with an API key; without a `url` that of the folder."""

    url: str = ""
    api_key: str = ""
    folder: Path = Path(".tldr")
    kafka: Literal["tansu", "apache"] = "tansu"


@asynccontextmanager
async def connected(
    mesh: MeshChoice, *, makes_folder: bool = False, progress: Callable[[str], None] = say
) -> AsyncIterator[Client]:
    """A client of it; that of a folder is started where none runs. NoMesh without a key or a folder."""
    if mesh.url and not mesh.api_key:
        raise NoMesh("--url needs an API key of that mesh: --api-key, or TLDR_API_KEY in the environment")
    if mesh.url:
        async with Client(mesh.url, mesh.api_key) as client:
            yield client
        return
    if makes_folder:
        mesh.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    elif not mesh.folder.is_dir():
        raise NoMesh(f"there is no mesh in {mesh.folder}; name its folder with --folder, or its address with --url")
    async with (
        mesh_at(mesh.folder, mesh.kafka, allow_loopback=False, progress=progress) as url,
        Client(url, await api_key_for(mesh.folder, url)) as client,
    ):
        yield client
