"""How long after a moment its provisional highlight is told, by server-sent events and by webhook.

`--streams N` live streams of signals at 1 Hz (see `load`) in real time on a mesh of its own. The delay counts from when
the chat of a moment sets in: what chat takes is not the product's to give.
"""

import argparse
import asyncio
import bisect
import json
import statistics
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import sqlalchemy as sa
from load import CHAT_LAG_S, MOMENT_S, Driven, Driver, drive, driven
from mesh_process import MeshProcess, mesh_process

from tldr_client import Client, register
from tldr_mesh.databases import database_of
from tldrctl.receiver import Receiver, webhook_receiver

GOAL_S = 15.0
STREAMS_OF_ONE = 10
_SETTLE_S = 20


@dataclass(slots=True)
class Heard:
    """When each highlight was first told of, on the wall clock: by stream, its peak in seconds and when."""

    first: dict[str, dict[str, tuple[float, float]]] = field(default_factory=dict)
    told: int = 0

    def take(self, stream: str, highlight: dict[str, object]) -> None:
        """A highlight was told of."""
        self.told += 1
        peak_s = float(str(highlight["peak_ms"])) / 1000
        self.first.setdefault(stream, {}).setdefault(str(highlight["id"]), (peak_s, time.time()))


async def main(streams: int, seconds: int, calm_s: int) -> None:
    """Run, and print."""
    async with AsyncExitStack() as parts:
        folder = Path(parts.enter_context(tempfile.TemporaryDirectory()))
        home = folder / "mesh"
        home.mkdir()
        mesh = await parts.enter_async_context(mesh_process(home))
        receiver = await parts.enter_async_context(webhook_receiver())
        watched, hooked = Heard(), Heard()
        submitted: list[Driven] = []
        watching = await parts.enter_async_context(asyncio.TaskGroup())
        watchers: list[asyncio.Task[None]] = []
        for number in range(-(-streams // STREAMS_OF_ONE)):
            client, key = await _customer(parts, mesh, receiver, number)
            for _ in range(min(STREAMS_OF_ONE, streams - len(submitted))):
                stream = await _submit(client, home, len(submitted), seconds, calm_s)
                submitted.append(stream)
                watchers.append(watching.create_task(_watch(mesh.url, key, stream.id, watched)))
        driver = await parts.enter_async_context(Driver(mesh.kafka))
        before, at = mesh.cpu_s(), time.monotonic()
        begun = await drive(driver, submitted, seconds)
        took, after = time.monotonic() - at, mesh.cpu_s()
        await asyncio.sleep(_SETTLE_S)
        rows = await _rows(home)
        for watcher in watchers:
            watcher.cancel()
        _hooks(receiver, hooked)
        print(
            f"{streams} streams for {seconds} s, {driver.events / took / streams:.2f} events in per stream and second"
        )
        for name, cpu in sorted(after.items(), key=lambda entry: before.get(entry[0], 0) - entry[1]):
            share = (cpu - before.get(name, 0.0)) / took
            print(f"  {name:<20} {100 * share:6.1f} % of a core, {mesh.memory_mb().get(name, 0):7.1f} MB")
        total = sum(after.values()) - sum(before.values())
        print(
            f"processor: {1000 * total / took / streams:.2f} ms per stream and second; {rows / took / streams:.2f} rows kept"
        )
        _report("server-sent events", submitted, begun, watched)
        worst = _report("webhooks", submitted, begun, hooked)
        print(f"ratio: {worst / GOAL_S:.2f}")


async def _customer(parts: AsyncExitStack, mesh: MeshProcess, receiver: Receiver, number: int) -> tuple[Client, str]:
    made = await register(mesh.url, name=f"bench {number}", email=f"bench-{number}@example.com")
    client = await parts.enter_async_context(Client(mesh.url, made.api_key))
    await client.call("POST", "/v1/webhook-endpoints", {"url": receiver.url})
    return client, made.api_key


async def _submit(client: Client, home: Path, number: int, seconds: int, calm_s: int) -> Driven:
    """Nobody publishes: the driver says what would have been read."""
    source = {"kind": "rtmp", "ends_after_silence_s": 1800}
    stream = await client.submit({"title": f"bench {number}", "source": source, "chat": {"kind": "push"}})
    lane, organization = await lane_of(home, stream["id"])
    return driven(organization, stream["id"], lane, number, seconds, calm_s=calm_s)


async def lane_of(home: Path, stream: str) -> tuple[int, str]:
    """The lane is the mesh's own matter, so it is read where it is kept."""
    async with database_of(home, "gateway").system() as transaction:
        asked = sa.text("SELECT lane, organization_id FROM streams WHERE stream_id = :stream")
        row = (await transaction.execute(asked, {"stream": stream})).one()
    return row.lane, row.organization_id


async def _rows(home: Path) -> int:
    """Live rows of the tables of the services that keep something of a stream."""
    total = 0
    for service in ("gateway", "fusion-detector", "highlight-store", "webhook-dispatcher"):
        async with database_of(home, service).system() as transaction:
            asked = sa.text("SELECT coalesce(sum(n_live_tup), 0)::bigint FROM pg_stat_user_tables")
            total += await transaction.scalar(asked) or 0
    return total


async def _watch(url: str, key: str, stream: str, heard: Heard) -> None:
    kind, headers = "", {"authorization": f"Bearer {key}"}
    async with (
        httpx.AsyncClient(base_url=url, timeout=None, trust_env=False) as http,
        http.stream("GET", f"/v1/streams/{stream}/feed", headers=headers) as feed,
    ):
        feed.raise_for_status()
        async for line in feed.aiter_lines():
            if line.startswith("event:"):
                kind = line.removeprefix("event:").strip()
            elif line.startswith("data:") and kind in ("highlight.detected", "highlight.revised"):
                heard.take(stream, json.loads(line.removeprefix("data:")))


def _hooks(receiver: Receiver, heard: Heard) -> None:
    for (_, body), at in zip(receiver.taken, receiver.times, strict=True):
        message = json.loads(body)
        if message["type"] in ("highlight.detected", "highlight.revised"):
            data = message["data"]
            heard.told += 1
            heard.first.setdefault(data["stream_id"], {}).setdefault(data["id"], (data["peak_ms"] / 1000, at))


def _report(way: str, streams: Sequence[Driven], begun: dict[str, float], heard: Heard) -> float:
    """Prints the delays of what was planted; their 95th percentile in seconds."""
    delays, missed, false = [], 0, 0
    for stream in streams:
        told = sorted(heard.first.get(stream.id, {}).values())
        peaks = [peak for peak, _ in told]
        matched: set[int] = set()
        for start in stream.moments:
            first = bisect.bisect_left(peaks, start - 2)
            near = [index for index in range(first, len(told)) if peaks[index] <= start + MOMENT_S + CHAT_LAG_S]
            if not near:
                missed += 1
                continue
            matched.update(near)
            delays.append(min(told[index][1] for index in near) - begun[stream.id] - start - CHAT_LAG_S)
        false += len(told) - len(matched)
    found = len(delays)
    if not delays:
        print(f"{way}: nothing was told of {missed} moments, {false} others were")
        return float("inf")
    delays.sort()
    p95 = delays[min(found - 1, int(0.95 * found))]
    print(
        f"{way}: {found} of {found + missed} moments, {false} others, {heard.told} messages; "
        f"p50 {statistics.median(delays):.1f} s, p95 {p95:.1f} s behind the chat, goal {GOAL_S:.0f} s"
    )
    return p95


if __name__ == "__main__":
    asks = argparse.ArgumentParser(description=__doc__)
    asks.add_argument("--streams", type=int, default=100)
    asks.add_argument("--seconds", type=int, default=240)
    asks.add_argument("--calm", type=int, default=90, help="seconds before the first moment")
    given = asks.parse_args()
    asyncio.run(main(given.streams, given.seconds, given.calm))
