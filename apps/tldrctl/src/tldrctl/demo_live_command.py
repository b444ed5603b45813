"""`tldrctl demo-live`: the demo's match broadcast in real time by RTMP and by HLS, and what was found of it meanwhile."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from rich.table import Table

from tldr_client import Client
from tldr_standins.irc_server import IrcServer, irc_server
from tldrctl.account import api_key_for
from tldrctl.demo.broadcast import Broadcast
from tldrctl.demo.plan import Planted
from tldrctl.demo.report import Comparison, Found, compare
from tldrctl.demo_command import rendered
from tldrctl.live import broadcasting
from tldrctl.live.broadcasting import CHANNEL
from tldrctl.live.followed import Followed
from tldrctl.live.watching import watch
from tldrctl.meshes import MeshRuns, mesh_at, running_at
from tldrctl.screen import clock, say

_WANTED, _FALSE_AT_MOST, _DELAY_AT_MOST_S = 4, 2, 30.0
_KNOWN_WITHIN_S = 60.0
_DURATION_S = 240
"""A live stream knows its ordinary level by what it has shown so far: four minutes say more of it than three."""
_BEHIND_S = 150.0
"""How long after the match's end a stream may take to be finished."""

Way = Literal["rtmp", "hls"]
_NAMES: Mapping[Way, str] = {"rtmp": "RTMP", "hls": "HLS"}


@dataclass(frozen=True, slots=True)
class Watched:
    """A broadcast that was watched. `offset_ms` leads from stream time to the match's own."""

    way: Way
    followed: Followed
    stream: dict[str, Any]
    offset_ms: int

    @property
    def found(self) -> list[Found]:
        """The highlights on the match's own clock."""
        return [
            Found(
                figures["start_ms"] + self.offset_ms,
                figures["end_ms"] + self.offset_ms,
                ", ".join(figures["types"]),
                figures["confidence"],
                figures["title"],
                figures["reason"],
            )
            for figures in self.followed.standing
        ]

    def delay_s(self, found: Found) -> float | None:
        """How long after its peak a found highlight was told of."""
        for figures in self.followed.standing:
            if figures["start_ms"] + self.offset_ms == found.start_ms:
                return self.followed.delay_s(figures["id"])
        return None


async def run_demo_live(
    seed: int, folder: Path, kafka: Literal["tansu", "apache"], *, by_rtmp: bool, by_hls: bool
) -> int:
    """0 when, each way, enough was found, little was false, and nothing was told late."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    out = folder / "demo"
    out.mkdir(mode=0o700, exist_ok=True)
    broadcast = await rendered(seed, out, duration_s=_DURATION_S)
    if await running_at(folder):
        raise MeshRuns(folder)
    asked: tuple[tuple[Way, bool], ...] = (("rtmp", by_rtmp), ("hls", by_hls))
    ways = [way for way, wanted in asked if wanted]
    async with irc_server() as chat:
        with _variables({"TLDR_INGEST_TWITCH_IRC": chat.url}):
            async with mesh_at(folder, kafka, allow_loopback=True, progress=say) as url:
                key = await api_key_for(folder, url)
                async with Client(url, key) as client:
                    say(
                        f"demo-live: {clock(broadcast.duration_ms)} of a match, by {' and by '.join(_NAMES[way] for way in ways)}"
                    )
                    watched = await asyncio.gather(*(_watched(client, way, broadcast, chat) for way in ways))
    return max(_verdict(one, broadcast.planted) for one in watched)


async def _watched(client: Client, way: Way, broadcast: Broadcast, chat: IrcServer) -> Watched:
    followed = Followed()
    limit_s = broadcast.duration_ms / 1000 + _BEHIND_S
    async with _on_air(client, way, broadcast, chat) as (stream_id, begun):
        async with asyncio.timeout(limit_s):
            await watch(client, stream_id, followed, lambda line: say(f"{_NAMES[way]:<4} {line}"))
    stream = await client.stream(stream_id)
    zero_ms = followed.wall_zero_ms or 0
    return Watched(way, followed, stream, 0 if begun is None else zero_ms - round(1000 * begun))


@asynccontextmanager
async def _on_air(
    client: Client, way: Way, broadcast: Broadcast, chat: IrcServer
) -> AsyncIterator[tuple[str, float | None]]:
    """The stream's id, and when the match began on the wall clock; None where stream time is the match's own."""
    request = {"title": f"demo by {_NAMES[way]}", "chat": {"kind": "twitch", "channel": CHANNEL}}
    if way == "rtmp":
        stream = await client.submit({**request, "source": {"kind": "rtmp", "wait_until_live_s": 120}})
        ingest = stream["ingest"]
        await _awaited(client, stream["id"])
        async with broadcasting.by_rtmp(broadcast, chat, f"{ingest['url'].rstrip('/')}/{ingest['stream_key']}"):
            yield stream["id"], None
        return
    async with broadcasting.by_hls(broadcast, chat) as (address, begun):
        source = {"kind": "live", "url": address, "from_start": True, "ends_after_silence_s": 60}
        stream = await client.submit({**request, "source": source})
        yield stream["id"], begun


async def _awaited(client: Client, stream_id: str) -> None:
    """Until the key is known to whoever takes the stream in."""
    async with asyncio.timeout(_KNOWN_WITHIN_S):
        while ((await client.stream(stream_id))["live"] or {}).get("state") != "waiting":
            await asyncio.sleep(0.2)


def _verdict(watched: Watched, planted: tuple[Planted, ...]) -> int:
    comparison = compare(planted, watched.found)
    _show(watched, comparison)
    found, false = comparison.count("found"), comparison.count("false")
    delays = [
        delay
        for row in comparison.rows
        if row.planted and row.found
        if (delay := watched.delay_s(row.found)) is not None
    ]
    slowest = max(delays, default=0.0)
    say(
        f"demo-live: {_NAMES[watched.way]}: {found} of {found + comparison.count('missed')} planted moments, {false} false,"
        f" told at most {slowest:.1f} s after their peak; {watched.stream['state']}"
    )
    problems = [
        (
            watched.stream["state"] != "completed",
            f"the stream is {watched.stream['state']}: {watched.stream['failure']}",
        ),
        (found < _WANTED, f"fewer than {_WANTED} planted moments were found"),
        (false > _FALSE_AT_MOST, f"more than {_FALSE_AT_MOST} are false"),
        (slowest > _DELAY_AT_MOST_S, f"one was told later than {_DELAY_AT_MOST_S:.0f} s after its peak"),
        (len(delays) < found, "the delay of one is not known"),
    ]
    for wrong, sentence in problems:
        if wrong:
            say(f"demo-live: {sentence}")
    return 1 if any(wrong for wrong, _ in problems) else 0


def _show(watched: Watched, comparison: Comparison) -> None:
    from tldrctl.screen import console

    table = Table("", "planted", "found", "IoU", "type", "told after", title=f"By {_NAMES[watched.way]}")
    for row in comparison.rows:
        planted = f"{row.planted.kind} {clock(row.planted.start_ms)}–{clock(row.planted.end_ms)}" if row.planted else ""
        found = row.found
        delay = watched.delay_s(found) if found else None
        table.add_row(
            row.verdict,
            planted,
            f"{clock(found.start_ms)}–{clock(found.end_ms)}" if found else "",
            f"{row.iou:.2f}" if row.planted and found else "",
            found.type if found else "",
            f"{delay:.1f} s" if delay is not None else "",
        )
    console.print(table)


@contextmanager
def _variables(values: Mapping[str, str]) -> Iterator[None]:
    """Set for the services that are started here, and put back."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
