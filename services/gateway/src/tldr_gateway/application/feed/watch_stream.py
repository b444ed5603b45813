"""Somebody watches a stream: what they missed, then what happens, until it ends."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

from tldr_gateway.application.feed.hub import PAGE, FeedHub
from tldr_gateway.application.feed.viewer import Frame, Viewer
from tldr_gateway.domain.feed.news import Told, missed_news, present_state, reconnect_news
from tldr_gateway.domain.streams.submission import Stream
from tldr_service import Clock

_RENEW = "Connect again with the id of the last event, so that the API key is looked at again."


@dataclass(frozen=True, slots=True)
class Watch:
    """`after`: the number of the last event that was seen; None begins with the present state. `beat` is sent in silence."""

    hub: FeedHub
    stream: Stream
    viewer: Viewer
    behind: bool
    after: int | None
    clock: Clock
    beat: bytes
    beat_every_s: float
    longest_s: float

    async def __call__(self) -> AsyncIterator[bytes]:
        """What is sent. Ends by itself; whoever stops earlier calls `leave` all the same."""
        if self.after is None:
            yield self.hub.frame(Told(self.viewer.sent, present_state(self.stream))).data
        if self.behind:
            async for data in self._missed():
                yield data
        if self.stream.state.terminal:
            return
        async for data in self._happening():
            yield data

    def leave(self) -> None:
        """They watch no longer."""
        self.hub.leave(self.stream.id, self.viewer)

    async def _missed(self) -> AsyncIterator[bytes]:
        while page := await self.hub.backlog(self.stream.id, self.viewer.sent):
            first = page[0].number or 0
            if first > self.viewer.sent + 1:
                news = missed_news(self.stream.id, self.clock.now(), self.viewer.sent + 1, first - 1)
                yield self.hub.frame(Told(None, news)).data
            for told in page:
                self.viewer.sent = told.number or self.viewer.sent
                yield self.hub.frame(told).data
            if len(page) < PAGE:
                break
        if self.viewer.sent < self.stream.told:
            news = missed_news(self.stream.id, self.clock.now(), self.viewer.sent + 1, self.stream.told)
            self.viewer.sent = self.stream.told
            yield self.hub.frame(Told(None, news)).data

    async def _happening(self) -> AsyncIterator[bytes]:
        loop = asyncio.get_running_loop()
        until = loop.time() + self.longest_s
        while (left := until - loop.time()) > 0:
            frame = await self._next(min(left, self.beat_every_s))
            if frame is None:
                yield self.beat
                continue
            if frame.number is None or frame.number > self.viewer.sent:
                self.viewer.sent = frame.number or self.viewer.sent
                yield frame.data
            if frame.last:
                return
        yield self.hub.frame(Told(None, reconnect_news(self.clock.now(), "renew", _RENEW))).data

    async def _next(self, limit_s: float) -> Frame | None:
        try:
            async with asyncio.timeout(limit_s):
                return await self.viewer.next()
        except TimeoutError:
            return None
