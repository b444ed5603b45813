"""What a client does with live streams: submit them, send into them, follow and play them."""

from abc import abstractmethod
from collections.abc import AsyncIterator, Mapping, Sequence
from itertools import islice
from typing import Any

import httpx

from tldr_client.feed import Feed, FeedEvent

_AT_ONCE = 500
"""Messages or samples a call: the API takes 1,000, and a mebibyte."""


class LiveCalls:
    """The part of the client that is about live streams."""

    _http: httpx.AsyncClient

    @abstractmethod
    async def call(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, *, headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """Any call: the answer's JSON."""

    async def submit_live(
        self,
        url: str | None = None,
        *,
        source: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
        **request: Any,
    ) -> dict[str, Any]:
        """Submit a live stream: an HLS playlist or a page at `url`; without one, an encoder sends it by RTMP, and
        `ingest.stream_key` is shown this once. `source`: how it is followed; `request`: `chat`, `signals`, `preset`, …
        """
        kind: dict[str, Any] = {"kind": "live", "url": url} if url else {"kind": "rtmp"}
        headers = {"idempotency-key": idempotency_key} if idempotency_key else {}
        return await self.call(
            "POST", "/v1/streams", {"source": {**kind, **(source or {})}, **request}, headers=headers
        )

    async def rotate_stream_key(self, stream_id: str) -> dict[str, Any]:
        """Another stream key, shown this once, and where it is used; the old one opens nothing any more."""
        return await self.call("POST", f"/v1/streams/{stream_id}/stream-key")

    async def push_chat(self, stream_id: str, messages: Sequence[Mapping[str, Any]]) -> None:
        """Send chat into a stream whose chat is pushed: `id`, `at` or `offset_ms`, `author`, `text`, `emotes`, `deleted`.

        Safe to repeat: what has an id that was sent before is not counted again.
        """
        for part in _parts(messages):
            await self.call("POST", f"/v1/streams/{stream_id}/chat", {"messages": part})

    async def push_signals(self, stream_id: str, samples: Sequence[Mapping[str, Any]]) -> None:
        """Send figures of the external signals that a stream declared: `name`, `at` or `offset_ms`, `value`."""
        for part in _parts(samples):
            await self.call("POST", f"/v1/streams/{stream_id}/signals", {"samples": part})

    async def feed(
        self, stream_id: str, *, after: int | None = None, patience_s: float = 300.0
    ) -> AsyncIterator[FeedEvent]:
        """What happens to a stream, each event once, until it has ended; connects again by itself.

        `after`: the id of the last event that was seen; without it, it begins with the present state; 0: with all that is
        kept. Raises what went wrong when nothing could be read for `patience_s`.
        """
        async for event in Feed(self._http, stream_id, after, patience_s)():
            yield event

    async def ask_for_clip(self, highlight_id: str) -> dict[str, Any]:
        """Have a clip cut of a highlight that may still change; the highlight, whose `clip_state` says when it is ready."""
        return await self.call("POST", f"/v1/highlights/{highlight_id}/clip")

    async def playlist_url(self, stream_id: str, *, expires_in_s: int = 3600) -> str:
        """An address that plays the stream's window in any HLS player, for whoever has it, until it expires."""
        link = await self.call("POST", f"/v1/streams/{stream_id}/playlist-link", {"expires_in_s": expires_in_s})
        return str(self._http.base_url.join(link["path"]))


def _parts(items: Sequence[Mapping[str, Any]]) -> list[list[Mapping[str, Any]]]:
    rest = iter(items)
    return list(iter(lambda: list(islice(rest, _AT_ONCE)), []))
