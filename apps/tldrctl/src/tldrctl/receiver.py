"""A webhook receiver on this machine: keeps the exact bytes and headers of what comes."""

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tldr_client import InvalidWebhook, verify_webhook

_MOST = 10_000


@dataclass(slots=True)
class Receiver:
    """What has come so far, and when, in seconds since 1970. `url` is where it comes to.

    A message is verified with `secret` as it comes, since its signature is good for five minutes: `messages` by their id
    are those that verify, `unverified` counts the others.
    """

    url: str
    secret: str = ""
    taken: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    messages: dict[str, dict[str, Any]] = field(default_factory=dict)
    unverified: int = 0

    def take(self, headers: dict[str, str], body: bytes) -> None:
        """Keep what has come now."""
        if len(self.taken) >= _MOST:
            return
        self.taken.append((headers, body))
        self.times.append(time.time())
        try:
            self.messages[headers["webhook-id"]] = verify_webhook(self.secret, headers, body)
        except InvalidWebhook:
            self.unverified += 1

    async def wait_for(self, stream_id: str, *, highlights: int, limit_s: float) -> bool:
        """Whether the end of this stream and so many of its highlights were told, and verified, within the limit.

        Messages are delivered side by side: the end of a stream may overtake its last highlight.
        """
        wanted = {"stream.completed": 1, "highlight.ready": highlights}
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(limit_s):
                while not self._told(stream_id, wanted):
                    await asyncio.sleep(0.1)
                return True
        return False

    def _told(self, stream_id: str, wanted: dict[str, int]) -> bool:
        kinds = [message["type"] for message in self.messages.values() if message["data"].get("stream_id") == stream_id]
        return all(kinds.count(kind) >= count for kind, count in wanted.items())


@asynccontextmanager
async def webhook_receiver() -> AsyncIterator[Receiver]:
    """A receiver on a free port of 127.0.0.1."""
    listening = socket.create_server(("127.0.0.1", 0))
    receiver = Receiver(f"http://127.0.0.1:{listening.getsockname()[1]}/webhooks")

    async def take(request: Request) -> Response:
        receiver.take(dict(request.headers), await request.body())
        return Response(status_code=204)

    app = Starlette(routes=[Route("/webhooks", take, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off", access_log=False))
    serving = asyncio.create_task(server._serve([listening]))
    try:
        while not server.started:
            await asyncio.sleep(0.01)
        yield receiver
    finally:
        server.should_exit = True
        await asyncio.wait([serving], timeout=5)
