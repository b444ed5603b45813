"""A mesh in a process of its own, so that what it costs can be told from what the driver costs.

Run as a script it is that process: it starts the mesh on a folder, says where everything is, and ends with its input.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

_READY_S = 120


@dataclass(frozen=True, slots=True)
class MeshProcess:
    """`kafka`: the broker, host and port."""

    pid: int
    url: str
    kafka: str
    postgres: str

    def cpu_s(self) -> dict[str, float]:
        """Processor time so far, by program: the mesh, its workers and its servers."""
        found: dict[str, float] = {}
        for process in self._tree():
            try:
                times, name = process.cpu_times(), process.name()
            except psutil.NoSuchProcess:
                continue
            found[name] = found.get(name, 0.0) + times.user + times.system
        return found

    def memory_mb(self) -> dict[str, float]:
        """Proportional memory by program."""
        found: dict[str, float] = {}
        for process in self._tree():
            try:
                pss, name = process.memory_full_info().pss, process.name()
            except psutil.NoSuchProcess:
                continue
            found[name] = found.get(name, 0.0) + pss / 2**20
        return found

    def _tree(self) -> list[psutil.Process]:
        root = psutil.Process(self.pid)
        return [root, *root.children(recursive=True)]


@asynccontextmanager
async def mesh_process(folder: Path) -> AsyncIterator[MeshProcess]:
    """Started on the folder, stopped at the end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, __file__, str(folder), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdin
    assert process.stdout
    try:
        line = await asyncio.wait_for(process.stdout.readline(), _READY_S)
        yield MeshProcess(process.pid, **json.loads(line))
    finally:
        process.stdin.close()
        await asyncio.wait_for(process.wait(), _READY_S)


async def _main(folder: Path) -> None:
    from tldr_mesh.mesh import running_mesh
    from tldr_telemetry import configure_logs

    configure_logs(level="ERROR")
    async with running_mesh(folder, allow_loopback=True) as mesh:
        where = mesh.servers.addresses
        print(json.dumps({"url": mesh.url, "kafka": where.kafka, "postgres": where.postgres}), flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_main(Path(sys.argv[1])))
