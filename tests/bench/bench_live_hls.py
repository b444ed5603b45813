"""One live HLS stream of 720p30 with its chat, in real time: how late its highlights are told, and what it costs.

The demo's match is published by the demo's origin and chat server. The delay counts from a highlight's peak, so it holds what
chat takes to answer. The processor time is the mesh's with the stream less the idle mesh's, against ffmpeg's decoding of the
same seconds.
"""

import argparse
import asyncio
import json
import os
import resource
import statistics
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import imageio_ffmpeg
from mesh_process import MeshProcess, mesh_process

from tldr_client import Client, register
from tldr_standins.irc_server import irc_server
from tldrctl.demo.broadcast import Broadcast, render
from tldrctl.demo.report import Found, compare
from tldrctl.live import broadcasting
from tldrctl.live.followed import Followed
from tldrctl.live.watching import watch
from tldrctl.receiver import Receiver, webhook_receiver

CACHE = Path(__file__).parents[2] / ".cache" / "bench"
SEED = 1
REACH_SHARE = 0.06
_JOINED_S, _IDLE_S, _BEHIND_S = 10, 20, 150


async def main(seconds: int) -> None:
    """Run, and print."""
    CACHE.mkdir(parents=True, exist_ok=True)
    print(f"rendering {seconds} s of broadcast, once")
    match = await asyncio.to_thread(render, SEED, CACHE, duration_s=seconds)
    decoding_s = await asyncio.to_thread(_decoding_s, match.video)
    async with AsyncExitStack() as parts:
        chat = await parts.enter_async_context(irc_server())
        os.environ["TLDR_INGEST_TWITCH_IRC"] = chat.url  # for the process of the mesh
        home = Path(parts.enter_context(tempfile.TemporaryDirectory())) / "mesh"
        home.mkdir()
        mesh = await parts.enter_async_context(mesh_process(home))
        receiver = await parts.enter_async_context(webhook_receiver())
        made = await register(mesh.url, name="bench", email="bench@example.com")
        client = await parts.enter_async_context(Client(mesh.url, made.api_key))
        await client.call("POST", "/v1/webhook-endpoints", {"url": receiver.url})
        idle = await _idle(mesh)
        before, at = mesh.cpu_s(), time.monotonic()
        async with broadcasting.by_hls(match, chat) as (address, begun):
            followed = await _followed(client, address, seconds)
        took, after = time.monotonic() - at, mesh.cpu_s()
    _report_delays(match, followed, receiver, begun)
    _report_cost(before, after, idle, took, seconds, decoding_s)


async def _followed(client: Client, address: str, seconds: int) -> Followed:
    followed = Followed()
    source = {"kind": "live", "url": address, "from_start": True, "ends_after_silence_s": 60}
    talk = {"kind": "twitch", "channel": broadcasting.CHANNEL}
    stream = await client.submit({"title": "bench", "source": source, "chat": talk})
    async with asyncio.timeout(seconds + _BEHIND_S):
        await watch(client, stream["id"], followed, lambda line: None)
    if followed.state != "completed":
        raise SystemExit(f"the stream is {followed.state}: {followed.failure}")
    return followed


async def _idle(mesh: MeshProcess) -> dict[str, float]:
    """The idle mesh's share of a core, by program."""
    await asyncio.sleep(_JOINED_S)
    before, at = mesh.cpu_s(), time.monotonic()
    await asyncio.sleep(_IDLE_S)
    took, after = time.monotonic() - at, mesh.cpu_s()
    return {name: (cpu - before.get(name, 0.0)) / took for name, cpu in after.items()}


def _decoding_s(video: Path) -> float:
    """Processor time of ffmpeg's decoding, in seconds."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(video), "-f", "null", "-"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, timeout=600)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _report_delays(match: Broadcast, followed: Followed, receiver: Receiver, begun: float) -> None:
    offset_ms = (followed.wall_zero_ms or 0) - round(1000 * begun)
    hooked: dict[str, float] = {}
    for (_, body), at in zip(receiver.taken, receiver.times, strict=True):
        message = json.loads(body)
        if message["type"] == "highlight.detected":
            hooked.setdefault(message["data"]["id"], at)
    standing = followed.standing
    found = [Found(h["start_ms"] + offset_ms, h["end_ms"] + offset_ms, "", 0.0, "", "") for h in standing]
    comparison = compare(match.planted, found)
    print(f"{comparison.count('found')} of {len(match.planted)} planted moments, {comparison.count('false')} false")
    zero_s = (followed.wall_zero_ms or 0) / 1000
    peaks = {h["id"]: zero_s + h["peak_ms"] / 1000 for h in standing}
    _report("server-sent events", [followed.highlights[id].told_s - peak for id, peak in peaks.items()])
    _report("webhooks", [hooked[id] - peak for id, peak in peaks.items() if id in hooked])


def _report(way: str, delays: Sequence[float]) -> None:
    if not delays:
        print(f"{way}: nothing was told")
        return
    ordered = sorted(delays)
    p95 = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    print(f"{way}: {len(ordered)} told, p50 {statistics.median(ordered):.1f} s, p95 {p95:.1f} s behind the peak")


def _report_cost(
    before: dict[str, float],
    after: dict[str, float],
    idle: dict[str, float],
    took: float,
    seconds: int,
    decoding: float,
) -> None:
    whole = 0.0
    for name, cpu in sorted(after.items(), key=lambda entry: before.get(entry[0], 0.0) - entry[1]):
        of_stream = cpu - before.get(name, 0.0) - idle.get(name, 0.0) * took
        whole += of_stream
        print(
            f"  {name:<20} {100 * of_stream / seconds:6.1f} % of a core ({100 * idle.get(name, 0.0):.1f} % when idle)"
        )
    print(f"one 720p30 stream: {100 * whole / seconds:.1f} % of a core; reach {100 * REACH_SHARE:.0f} %")
    print(f"ffmpeg -i FILE -f null -: {100 * decoding / seconds:.1f} % of a core")
    print(f"ratio: {whole / decoding:.2f}")


if __name__ == "__main__":
    asks = argparse.ArgumentParser(description=__doc__)
    asks.add_argument("--seconds", type=int, default=240)
    asyncio.run(main(asks.parse_args().seconds))
