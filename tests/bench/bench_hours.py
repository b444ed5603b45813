"""Twelve hours of a live stream as fast as they are taken: what a second costs, and memory, hour by hour.

The signals of one stream (see `load`) go through the bus, detection, highlights, feed and webhooks of a mesh of its own. The
driver is never more than a few minutes of stream ahead of what was detected.
"""

import argparse
import asyncio
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from bench_live import lane_of
from load import STEP_S, Driven, Driver, driven
from mesh_process import MeshProcess, mesh_process

from tldr_client import Client, register

HOUR_S = 3600
_AHEAD_S = 240
_CHUNK_S = 60
_LIMIT_S = 120


@dataclass(frozen=True, slots=True)
class Mark:
    """What had been used by a point of the stream: processor time by program, memory in MB, the clock."""

    cpu_s: dict[str, float]
    memory_mb: dict[str, float]
    at_s: float


async def main(hours: int) -> None:
    """Run, and print."""
    async with AsyncExitStack() as parts:
        home = Path(parts.enter_context(tempfile.TemporaryDirectory())) / "mesh"
        home.mkdir()
        mesh = await parts.enter_async_context(mesh_process(home))
        made = await register(mesh.url, name="bench", email="bench@example.com")
        client = await parts.enter_async_context(Client(mesh.url, made.api_key))
        source = {"kind": "rtmp", "ends_after_silence_s": 1800}
        stream = await client.submit({"title": "hours", "source": source, "chat": {"kind": "push"}})
        lane, organization = await lane_of(home, stream["id"])
        one = driven(organization, stream["id"], lane, 7, hours * HOUR_S, calm_s=60)
        driver = await parts.enter_async_context(Driver(mesh.kafka))
        await driver.begin(one, round(time.time() * 1000))
        marks = [_mark(mesh)]
        for hour in range(hours):
            await _drive_hour(driver, client, one, hour)
            marks.append(_mark(mesh))
            _row(hour + 1, marks[-2], marks[-1])
        first, last = _cost(marks[0], marks[1]), _cost(marks[-2], marks[-1])
        print(f"ratio: {last / first:.2f}")


async def _drive_hour(driver: Driver, client: Client, stream: Driven, hour: int) -> None:
    for start in range(hour * HOUR_S, (hour + 1) * HOUR_S, _CHUNK_S):
        for second in range(start, start + _CHUNK_S, STEP_S):
            await driver.step(stream, second)
        await _detected(client, stream, start + _CHUNK_S - _AHEAD_S)


async def _detected(client: Client, stream: Driven, until_s: int) -> None:
    """Wait until the stream was looked at up to there."""
    async with asyncio.timeout(_LIMIT_S):
        while True:
            seconds = (await client.stream(stream.id))["progress"]["seconds_processed"]
            if until_s <= 0 or (seconds is not None and seconds >= until_s):
                return
            await asyncio.sleep(0.1)


def _mark(mesh: MeshProcess) -> Mark:
    return Mark(mesh.cpu_s(), mesh.memory_mb(), time.monotonic())


def _cost(before: Mark, after: Mark) -> float:
    """Processor time in ms for each second of stream."""
    return (sum(after.cpu_s.values()) - sum(before.cpu_s.values())) * 1000 / HOUR_S


def _row(hour: int, before: Mark, after: Mark) -> None:
    used = {name: 1000 * (cpu - before.cpu_s.get(name, 0.0)) / HOUR_S for name, cpu in after.cpu_s.items()}
    parts = ", ".join(f"{name.split('-')[0]} {ms:.2f}" for name, ms in sorted(used.items(), key=lambda x: -x[1])[:3])
    mesh_mb = after.memory_mb.get("python", 0.0)
    print(
        f"hour {hour:2d}: {_cost(before, after):6.2f} ms of processor a second of stream ({parts}), "
        f"{mesh_mb:6.1f} MB services, {sum(after.memory_mb.values()):6.1f} MB in all, {after.at_s - before.at_s:5.1f} s",
        flush=True,
    )


if __name__ == "__main__":
    asks = argparse.ArgumentParser(description=__doc__)
    asks.add_argument("--hours", type=int, default=12)
    asyncio.run(main(asks.parse_args().hours))
