"""Server-sent events: news in the form of `text/event-stream`, and a response that sends it while it comes."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from tldr_gateway.domain.feed.news import Told
from tldr_telemetry import logger

BEAT = b": still here\n\n"
"""A comment: viewers ignore it, and whatever lies between sees that the connection is alive."""
_RETRY = b"retry: 2000\n\n"
_SEND_LIMIT_S = 30.0
"""Who reads nothing for so long is gone."""
_HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}
_log = logger(__name__)


def encode(told: Told) -> bytes:
    """News as an event; what is not kept has no id, so that the last one stays what a viewer has seen."""
    number = f"id: {told.number}\n" if told.number is not None else ""
    data = json.dumps(told.news.data, ensure_ascii=False, separators=(",", ":"))
    return f"{number}event: {told.news.kind}\ndata: {data}\n\n".encode()


class EventStream(Response):
    """Sends what `events` gives until it ends, or until the viewer is gone; then calls `closed`, whatever happened."""

    media_type = "text/event-stream"

    def __init__(self, events: AsyncIterator[bytes], closed: Callable[[], None]) -> None:
        super().__init__(headers=_HEADERS)
        del self.headers["content-length"]
        self._events = events
        self._closed = closed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        tasks: list[asyncio.Task[Any]] = [
            asyncio.create_task(self._send(send)),
            asyncio.create_task(_until_gone(receive)),
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._closed()

    async def _send(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        try:
            await _part(send, _RETRY)
            async for data in self._events:
                await _part(send, data)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        except TimeoutError:
            _log.info("a viewer reads nothing any more")
        except Exception as error:
            # The viewer sees a connection that ends, and comes again.
            _log.warning("a feed broke off", error=repr(error))


async def _part(send: Send, data: bytes) -> None:
    async with asyncio.timeout(_SEND_LIMIT_S):
        await send({"type": "http.response.body", "body": data, "more_body": True})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
