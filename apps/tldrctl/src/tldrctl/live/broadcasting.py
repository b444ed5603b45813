"""Broadcasts the demo's match in real time, with its chat: by RTMP as an encoder does, or by HLS as a site does.

The servers stand in for the real places of streams: an encoder of libavformat, an HLS origin, a chat that speaks as Twitch's.
"""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tldr_standins.hls_origin import HlsOrigin
from tldr_standins.irc_server import IrcServer
from tldr_standins.rtmp_publisher import publishing
from tldrctl.demo.broadcast import Broadcast

CHANNEL = "demo_match"
_SEGMENT_S = 2.0
_AHEAD = 3


@dataclass(frozen=True, slots=True)
class Line:
    """A message of the broadcast's chat."""

    at_ms: int
    author: str
    text: str


def lines_of(chat: Path) -> list[Line]:
    """The messages of a demo broadcast, in order of time."""
    entries = json.loads(chat.read_text(encoding="utf-8"))
    return [
        Line(round(1000 * entry["time_in_seconds"]), entry["author"]["name"], entry["message"]) for entry in entries
    ]


@asynccontextmanager
async def by_rtmp(broadcast: Broadcast, chat: IrcServer, address: str) -> AsyncIterator[None]:
    """Publish to an address with its key, until the match is over. The key has to be known there."""
    async with publishing(address, broadcast.video), _talking(chat, lines_of(broadcast.chat), time.time()):
        yield


@asynccontextmanager
async def by_hls(broadcast: Broadcast, chat: IrcServer) -> AsyncIterator[tuple[str, float]]:
    """The playlist's address, and when the first picture happened, in seconds since 1970."""
    # Cutting the file takes a moment, in which nothing may be late yet.
    origin = await asyncio.to_thread(HlsOrigin, media=broadcast.video, segment_s=_SEGMENT_S, ahead=_AHEAD)
    begun = origin.programme.begins_ms / 1000
    with origin:
        async with _talking(chat, lines_of(broadcast.chat), begun):
            yield origin.url, begun


@asynccontextmanager
async def _talking(chat: IrcServer, lines: Sequence[Line], begun: float) -> AsyncIterator[None]:
    async def talk() -> None:
        for line in lines:
            due = begun + line.at_ms / 1000
            await asyncio.sleep(max(0.0, due - time.time()))
            chat.say(CHANNEL, line.text, line.author, at_ms=round(1000 * due))

    talking = asyncio.create_task(talk())
    try:
        yield
    finally:
        talking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await talking
