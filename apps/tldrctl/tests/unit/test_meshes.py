"""Which mesh a command talks to."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest
import pytest_asyncio

from tldrctl.meshes import LoopbackRefused, mesh_at, running_at


@pytest_asyncio.fixture
async def api() -> AsyncIterator[str]:
    """Something that answers every request with 200."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def _noted(folder: Path, url: str, pid: int) -> Path:
    (folder / "mesh.json").write_text(json.dumps({"url": url, "pid": pid, "allow_loopback": False}))
    return folder


def _nobody() -> int:
    return int(max(psutil.pids())) + 100_000


async def test_a_mesh_that_runs_is_found(tmp_path: Path, api: str) -> None:
    assert await running_at(_noted(tmp_path, api, os.getpid())) == api


async def test_what_answers_at_the_address_of_a_killed_mesh_is_not_taken_for_it(tmp_path: Path, api: str) -> None:
    assert await running_at(_noted(tmp_path, api, _nobody())) is None


async def test_a_mesh_without_loopback_is_refused_to_who_needs_it(tmp_path: Path, api: str) -> None:
    folder = _noted(tmp_path, api, os.getpid())
    with pytest.raises(LoopbackRefused, match="--allow-loopback"):
        async with mesh_at(folder, "tansu", allow_loopback=True, progress=lambda _: None):
            pass
    async with mesh_at(folder, "tansu", allow_loopback=False, progress=lambda _: None) as url:
        assert url == api
