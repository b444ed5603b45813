"""A mesh that can be killed, and started again on what it left."""

import asyncio
import json
import os
import secrets
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from tldr_client import Client, register
from tldr_testing import eventually

StartMesh = Callable[[Path, str, str], AbstractAsyncContextManager["MeshProcess"]]


class MeshProcess:
    """`tldrctl run` in a process of its own, so that it can be killed."""

    def __init__(self, folder: Path, kafka: str, processes: str) -> None:
        self._folder = folder
        self._arguments = ["--folder", str(folder), "--kafka", kafka, "--processes", processes, "--allow-loopback"]
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> str:
        """Start it; its address once it answers."""
        note = self._folder / "mesh.json"
        note.unlink(missing_ok=True)
        log = (self._folder.parent / "run.log").open("ab")
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tldrctl", "run", *self._arguments), stdout=log, stderr=log
        )

        async def noted() -> dict[str, Any] | None:
            assert self._process
            assert self._process.returncode is None, (self._folder.parent / "run.log").read_text()
            return json.loads(note.read_text()) if note.exists() else None

        self.note = await eventually(noted, limit_s=120)
        return str(self.note["url"])

    async def kill(self) -> None:
        """SIGKILL."""
        assert self._process
        self._process.kill()
        await self._process.wait()

    async def kill_service(self, service: str) -> None:
        """SIGKILL one of the seven."""
        os.kill(self.note["services"][service], signal.SIGKILL)

    async def stop(self) -> None:
        """SIGTERM, and wait."""
        if self._process and self._process.returncode is None:
            self._process.terminate()
            await asyncio.wait_for(self._process.wait(), 40)


@asynccontextmanager
async def _mesh_process(folder: Path, kafka: str, processes: str) -> AsyncIterator[MeshProcess]:
    folder.mkdir()
    mesh = MeshProcess(folder, kafka, processes)
    try:
        yield mesh
    finally:
        await mesh.stop()
        orphans = [
            found for found in psutil.process_iter(["cmdline"]) if str(folder) in " ".join(found.info["cmdline"] or [])
        ]
        assert not orphans


@pytest.fixture
def mesh_process() -> StartMesh:
    """`mesh_process(folder, kafka, processes)`: it is stopped at the end, and must leave no process behind."""
    return _mesh_process


@pytest.fixture
def customer_at() -> Callable[[str], Awaitable[Client]]:
    """A client of a fresh organization of the mesh at an address."""

    async def customer(url: str) -> Client:
        made = await register(url, name="Test", email=f"{secrets.token_hex(8)}@example.com")
        return Client(url, made.api_key)

    return customer
