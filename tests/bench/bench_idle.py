"""Memory, processor time and start of an idle mesh: the whole process tree of `tldrctl run`."""

import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path

import httpx
import psutil

WATCHED_S = 30
SETTLING_S = 20
READY_LIMIT_S = 120
MEMORY_GOAL, CPU_GOAL, START_GOAL_S = 1 << 30, 0.15, 15.0


async def main() -> None:
    """Start twice (the first start makes databases), then watch."""
    with tempfile.TemporaryDirectory() as folder:
        mesh = Path(folder) / "mesh"
        mesh.mkdir()
        first = await _started(mesh)
        print(f"first start to ready: {first.ready_s:.1f} s")
        await first.stop()
        again = await _started(mesh)
        try:
            await asyncio.sleep(SETTLING_S)
            _report(again, *await _watched(again))
        finally:
            await again.stop()


class Running:
    """A mesh in a process of its own."""

    def __init__(self, process: asyncio.subprocess.Process, ready_s: float) -> None:
        self.process = process
        self.ready_s = ready_s

    def tree(self) -> list[psutil.Process]:
        """The process and all below it."""
        root = psutil.Process(self.process.pid)
        return [root, *root.children(recursive=True)]

    async def stop(self) -> None:
        """SIGTERM, and wait."""
        self.process.terminate()
        await asyncio.wait_for(self.process.wait(), 60)


async def _started(folder: Path) -> Running:
    begun = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tldrctl", "run", "--folder", str(folder), stdout=asyncio.subprocess.DEVNULL
    )
    note = folder / "mesh.json"
    try:
        async with asyncio.timeout(READY_LIMIT_S), httpx.AsyncClient(trust_env=False) as http:
            while not note.exists() or not await _ready(http, json.loads(note.read_text())["url"]):
                await asyncio.sleep(0.05)
    except BaseException:
        await Running(process, 0.0).stop()
        raise
    return Running(process, time.monotonic() - begun)


async def _ready(http: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await http.get(f"{url}/health/ready")).is_success
    except httpx.HTTPError:
        return False


async def _watched(mesh: Running) -> tuple[dict[str, int], dict[str, float]]:
    """Proportional memory in bytes by program, and the share of a core over the time watched."""
    before = _cpu_seconds(mesh)
    await asyncio.sleep(WATCHED_S)
    after = _cpu_seconds(mesh)
    memory: dict[str, int] = {}
    for process in mesh.tree():
        name = process.name()
        memory[name] = memory.get(name, 0) + process.memory_full_info().pss
    return memory, {name: (seconds - before.get(name, 0.0)) / WATCHED_S for name, seconds in after.items()}


def _cpu_seconds(mesh: Running) -> dict[str, float]:
    """By program."""
    found: dict[str, float] = {}
    for process in mesh.tree():
        times, name = process.cpu_times(), process.name()
        found[name] = found.get(name, 0.0) + times.user + times.system
    return found


def _report(mesh: Running, memory: dict[str, int], shares: dict[str, float]) -> None:
    total, cpu = sum(memory.values()), sum(shares.values())
    for name, share in sorted(memory.items(), key=lambda entry: -entry[1]):
        print(f"  {name:<20} {share / 2**20:7.1f} MB {100 * shares.get(name, 0.0):6.1f} %")
    print(f"memory (PSS, {len(mesh.tree())} processes): {total / 2**20:.0f} MB, to stay below {MEMORY_GOAL >> 20} MB")
    print(f"processor, idle: {cpu * 100:.1f} % of a core, to stay below {CPU_GOAL * 100:.0f} %")
    print(f"start to ready: {mesh.ready_s:.1f} s, to stay below {START_GOAL_S:.0f} s")
    print(f"ratio: {total / MEMORY_GOAL:.2f}")


if __name__ == "__main__":
    asyncio.run(main())
