"""A mesh that is killed in the middle of a stream and started again: nothing is missing, nothing double."""

import asyncio
import json
import os
import secrets
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from tldr_client import Client, register
from tldr_testing import eventually
from tldrctl.demo.broadcast import Broadcast
from tldrctl.recording import Request, follow, submit

_LIMIT_S = 90

KAFKA = [pytest.param("tansu"), pytest.param("apache", marks=pytest.mark.delivery)]


class MeshProcess:
    """`tldrctl run` in a process of its own, so that it can be killed."""

    def __init__(self, folder: Path, kafka: str, processes: str) -> None:
        self._folder = folder
        self._arguments = ["--folder", str(folder), "--kafka", kafka, "--processes", processes]
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

        self.note = await eventually(noted, limit_s=60)
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
async def mesh_process(folder: Path, kafka: str, processes: str) -> AsyncIterator[MeshProcess]:
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


async def _progressed(client: Client, stream: str) -> bool:
    """Whether some of the stream was read, but not all of it done."""
    now = await client.stream(stream)
    assert now["state"] in {"pending", "processing"}, "the stream ended before it could be interrupted"
    return bool(now["state"] == "processing")


def _moments(highlights: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [(found["start_ms"], found["end_ms"], found["title"], found["clip_state"]) for found in highlights]


async def _customer(url: str) -> Client:
    made = await register(url, name="Test", email=f"{secrets.token_hex(8)}@example.com")
    return Client(url, made.api_key)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kafka", KAFKA)
async def test_the_whole_mesh_is_killed_in_the_middle_of_a_stream(
    tmp_path: Path, kafka: str, broadcast: Broadcast
) -> None:
    async with mesh_process(tmp_path / "mesh", kafka, "one") as mesh:
        url = await mesh.start()
        async with await _customer(url) as client:
            undisturbed = await submit(client, Request(broadcast.video, broadcast.chat))
            expected = await follow(client, undisturbed, lambda _: None)
            assert expected.stream["state"] == "completed"
            stream = await submit(client, Request(broadcast.video, broadcast.chat))
            await eventually(lambda: _progressed(client, stream), limit_s=30, every_s=0.02)
            await mesh.kill()
            assert await mesh.start() == url
            outcome = await asyncio.wait_for(follow(client, stream, lambda _: None), _LIMIT_S)
            assert outcome.stream["state"] == "completed"
            assert _moments(outcome.highlights) == _moments(expected.highlights)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kafka", KAFKA)
async def test_single_services_are_killed_in_the_middle_of_a_stream(
    tmp_path: Path, kafka: str, broadcast: Broadcast
) -> None:
    async with mesh_process(tmp_path / "mesh", kafka, "seven") as mesh:
        url = await mesh.start()
        async with await _customer(url) as client:
            undisturbed = await submit(client, Request(broadcast.video, broadcast.chat))
            expected = await follow(client, undisturbed, lambda _: None)
            stream = await submit(client, Request(broadcast.video, broadcast.chat))
            await eventually(lambda: _progressed(client, stream), limit_s=30, every_s=0.02)
            for service in ("ingest", "video-analysis", "fusion-detector", "chat-sentiment", "highlight-store"):
                await mesh.kill_service(service)
            outcome = await asyncio.wait_for(follow(client, stream, lambda _: None), _LIMIT_S)
            assert outcome.stream["state"] == "completed"
            assert _moments(outcome.highlights) == _moments(expected.highlights)
