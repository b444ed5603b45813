"""A stream's feed: server-sent events, read across lost connections without losing or repeating one."""

import asyncio
import json
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from time import monotonic
from typing import Any

import httpx

from tldr_client.problems import ApiProblem, checked

_ENDS = {"completed", "failed", "cancelled", "deleted"}
_PASSING = {429, 502, 503, 504}
_FIRST_WAIT_S = 0.5
_LONGEST_WAIT_S = 10.0
_SILENCE_S = 45.0
"""The API says something every 15 s: a connection that is silent for three times as long is dead."""


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """What was told. `id` counts the stream's events; None where it is not kept, as with progress."""

    kind: str
    data: dict[str, Any]
    id: int | None = None


@dataclass(slots=True)
class Feed:
    """`after`: the id of the last event that was seen; None begins with the present state, 0 with all that is kept."""

    http: httpx.AsyncClient
    stream_id: str
    after: int | None = None
    patience_s: float = 300.0
    _over: bool = False

    async def __call__(self) -> AsyncIterator[FeedEvent]:
        """Each event once, until the stream has ended. The last exception when nothing could be read for `patience_s`."""
        wait, heard = _FIRST_WAIT_S, monotonic()
        while True:
            try:
                async for event in self._connection():
                    wait, heard = _FIRST_WAIT_S, monotonic()
                    if event.kind == "reconnect":
                        break
                    yield event
                    if event.kind == "state" and event.data["state"] in _ENDS:
                        return
                else:
                    if self._over:
                        return
            except (httpx.TransportError, ApiProblem) as error:
                passing = isinstance(error, httpx.TransportError) or error.status in _PASSING
                if not passing or monotonic() - heard > self.patience_s:
                    raise
            # Not all at once, when a server comes back to many viewers.
            await asyncio.sleep(wait * random.uniform(0.5, 1))  # noqa: S311
            wait = min(2 * wait, _LONGEST_WAIT_S)

    async def _connection(self) -> AsyncIterator[FeedEvent]:
        headers = {} if self.after is None else {"last-event-id": str(self.after)}
        timeout = httpx.Timeout(30, read=_SILENCE_S)
        path = f"/v1/streams/{self.stream_id}/feed"
        async with self.http.stream("GET", path, headers=headers, timeout=timeout) as response:
            if not response.is_success:
                await response.aread()
                checked(response)
            self._over = response.status_code == httpx.codes.NO_CONTENT
            async for event in _events(response.aiter_lines()):
                self.after = self.after if event.id is None else event.id
                yield event


async def _events(lines: AsyncIterator[str]) -> AsyncIterator[FeedEvent]:
    said: dict[str, list[str]] = {}
    async for line in lines:
        if not line:
            if "event" in said and "data" in said:
                id = said.get("id", [""])[-1]
                data = json.loads("\n".join(said["data"]))
                yield FeedEvent(said["event"][-1], data, int(id) if id.isdecimal() else None)
            said = {}
        elif not line.startswith(":"):
            name, _, value = line.partition(":")
            said.setdefault(name, []).append(value.removeprefix(" "))
