"""`tldrctl watch`: follow a live stream in the terminal."""

import asyncio
import signal
from dataclasses import dataclass
from typing import Any

from tldr_client import Client
from tldrctl.live.followed import Followed
from tldrctl.live.watching import watch_on_screen
from tldrctl.mesh_client import MeshChoice, connected
from tldrctl.screen import say, show_highlights

_FINISHING_S = 300


@dataclass(frozen=True, slots=True)
class WatchRequest:
    """What to watch: an `address`, or what an encoder pushes. `wait_s`: how long to wait for it to be live."""

    address: str = ""
    preset: str = "gaming"
    chat: str = ""
    wait_s: int = 0
    from_start: bool = False
    max_height: int | None = None
    title: str = ""

    def body(self) -> dict[str, Any]:
        """As the API is asked. `chat`: `twitch:CHANNEL`, `youtube:VIDEO`, `push` or `none`; empty leaves it to the page."""
        source: dict[str, Any] = {"kind": "live", "url": self.address} if self.address else {"kind": "rtmp"}
        if self.wait_s:
            source["wait_until_live_s"] = self.wait_s
        if self.from_start:
            source["from_start"] = True
        if self.max_height:
            source["max_height"] = self.max_height
        body: dict[str, Any] = {"title": self.title or "watched", "source": source, "preset": self.preset}
        if self.chat:
            kind, _, of = self.chat.partition(":")
            body["chat"] = {"kind": kind, **({{"twitch": "channel", "youtube": "video"}[kind]: of} if of else {})}
        return body


async def watch_stream(request: WatchRequest, mesh: MeshChoice) -> int:
    """0 when the stream completed. The first Ctrl-C stops the stream, which finishes what was seen; a second one leaves."""
    async with connected(mesh, makes_folder=True) as client:
        stream = await client.submit(request.body())
        say(f"stream {stream['id']}")
        if ingest := stream.get("ingest"):
            say(f"Publish to {ingest['url']} with the stream key {ingest['stream_key']} (it is shown this once).")
        followed = Followed()
        await _until_over(client, stream["id"], followed)
        final = await client.stream(stream["id"])
        show_highlights(await client.highlights(stream["id"]))
        for gap in followed.gaps[-20:]:
            say(f"gap: {gap['modality']} {gap['start_ms']}-{gap['end_ms']} ms, {gap['code']}: {gap['reason']}")
    if final["state"] != "completed":
        say(f"the stream is {final['state']}: {(final['failure'] or {}).get('reason', '')}")
        return 1
    return 0


async def _until_over(client: Client, stream_id: str, followed: Followed) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGINT, stop.set)
    watching = asyncio.create_task(watch_on_screen(client, stream_id, followed))
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([watching, stopping], return_when=asyncio.FIRST_COMPLETED)
        if not watching.done():
            loop.remove_signal_handler(signal.SIGINT)
            say("stopping: what was seen is finished; Ctrl-C again leaves at once")
            await client.call("POST", f"/v1/streams/{stream_id}/stop")
            await asyncio.wait_for(watching, _FINISHING_S)
        await watching
    finally:
        loop.remove_signal_handler(signal.SIGINT)
        for task in (watching, stopping):
            task.cancel()
        await asyncio.gather(watching, stopping, return_exceptions=True)
