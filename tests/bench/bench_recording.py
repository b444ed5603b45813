"""A ten-minute recording, submitted to completed with all clips ready, against ffmpeg's decoding of the same file."""

import asyncio
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import psutil

from tldr_client import Client
from tldr_mesh.mesh import running_mesh
from tldrctl.account import api_key_for
from tldrctl.demo.broadcast import Broadcast, render
from tldrctl.demo.report import Found, compare
from tldrctl.recording import Request, follow, submit

CACHE = Path(__file__).parents[2] / ".cache" / "bench"
SEED, DURATION_S, MOMENTS = 1, 600, 12
WARM_UP_S = 60
LOOK_EVERY_S = 1.0
LIMIT_S = 300
GOAL, REACH = 0.35, 0.6


async def main() -> None:
    """Render once, decode with ffmpeg, process with a warm mesh, compare."""
    CACHE.mkdir(parents=True, exist_ok=True)
    print("rendering ten minutes of broadcast, once")
    broadcast = await asyncio.to_thread(render, SEED, CACHE, duration_s=DURATION_S, moments=MOMENTS)
    short = await asyncio.to_thread(render, SEED, CACHE, duration_s=WARM_UP_S, moments=1)
    print(f"file: {broadcast.video.stat().st_size / 1e6:.0f} MB, {MOMENTS} moments planted")
    decoding = _decoded(broadcast.video)
    print(f"ffmpeg -i FILE -f null -: {decoding:.1f} s")
    with tempfile.TemporaryDirectory() as folder:
        took = await _on_a_mesh(Path(folder), short, broadcast)
    print(f"reach {REACH}, goal {GOAL}")
    print(f"ratio: {took / decoding:.2f}")


async def _on_a_mesh(folder: Path, short: Broadcast, broadcast: Broadcast) -> float:
    """The second stream is measured: after the first one all readers have joined and all processes are up."""
    async with running_mesh(folder) as mesh:
        key = await api_key_for(folder, mesh.url)
        async with Client(mesh.url, key) as client:
            await follow(client, await submit(client, Request(short.video, short.chat)), lambda _: None)
            return await _processed(client, broadcast)


def _decoded(video: Path) -> float:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(video), "-f", "null", "-"]
    begun = time.monotonic()
    subprocess.run(command, check=True, timeout=LIMIT_S)
    return time.monotonic() - begun


async def _processed(client: Client, broadcast: Broadcast) -> float:
    """Seconds from POST to a completed stream with all its clips ready; the upload is not part of it."""
    request = Request(broadcast.video, broadcast.chat)
    media, chat = await client.upload(request.video, "media"), await client.upload(broadcast.chat, "chat")
    body = {"source": {"upload_id": media}, "chat": {"upload_id": chat}}
    watch = Watch()
    stream = await client.submit(body)
    while True:
        now = await client.stream(stream["id"])
        watch.saw(now)
        if now["state"] in {"completed", "failed", "cancelled"} or watch.seconds() > LIMIT_S:
            break
        await asyncio.sleep(0.2)
    took = watch.seconds()
    if now["state"] != "completed":
        raise SystemExit(f"the stream is {now['state']}: {now['failure']}")
    watch.report()
    highlights = await client.highlights(stream["id"])
    found = [Found(each["start_ms"], each["end_ms"], "", each["confidence"], "", "") for each in highlights]
    comparison = compare(broadcast.planted, found)
    ready = sum(each["clip_state"] == "ready" for each in highlights)
    print(f"processed in {took:.1f} s: {len(highlights)} highlights, {ready} clips ready, ", end="")
    print(f"{comparison.count('found')} of {len(broadcast.planted)} planted, {comparison.count('false')} false")
    return took


class Watch:
    """Where the time goes: wall time by stage, processor time by process."""

    def __init__(self) -> None:
        self._begun = time.monotonic()
        self._stages: dict[str, float] = {}
        self._last = self._begun
        self._cpu: dict[int, tuple[str, float, float]] = {}
        self._looked = 0.0
        self._look()

    def seconds(self) -> float:
        """Since the start."""
        return time.monotonic() - self._begun

    def saw(self, stream: dict[str, Any]) -> None:
        """The time since the last look belongs to this stage."""
        now = time.monotonic()
        stage = stream["progress"]["stage"]
        self._stages[stage] = self._stages.get(stage, 0.0) + now - self._last
        self._last = now
        if now - self._looked > LOOK_EVERY_S:  # looking at all processes costs 20 ms
            self._look()

    def report(self) -> None:
        """Print it."""
        self._look()
        for stage, seconds in self._stages.items():
            print(f"  stage {stage:<12} {seconds:5.1f} s")
        by_name: dict[str, float] = {}
        for name, first, last in self._cpu.values():
            by_name[name] = by_name.get(name, 0.0) + last - first
        for name, seconds in sorted(by_name.items(), key=lambda entry: -entry[1]):
            print(f"  processor {name:<28} {seconds:5.2f} s")

    def _look(self) -> None:
        self._looked = time.monotonic()
        root = psutil.Process()
        for process in [root, *root.children(recursive=True)]:
            try:
                times = process.cpu_times()
                name = "services" if process.pid == root.pid else _name(process)
            except psutil.Error:
                continue
            used = times.user + times.system
            known = self._cpu.get(process.pid)
            fresh = process.create_time() > psutil.Process().create_time() and known is None and self.seconds() > 0.5
            first = known[1] if known else (0.0 if fresh else used)
            self._cpu[process.pid] = (name, first, used)


def _name(process: psutil.Process) -> str:
    name: str = process.name()
    if not name.startswith("python"):
        return name
    command = " ".join(process.cmdline())
    return f"worker {process.pid}" if "tldr_processes.worker" in command else "other processes"


if __name__ == "__main__":
    asyncio.run(main())
