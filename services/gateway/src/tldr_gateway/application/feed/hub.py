"""The feeds that are watched in this process: one reader for all of them, one tail for each stream."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from tldr_contracts.ids import OrganizationId, StreamId
from tldr_gateway.application.feed.errors import FeedsClosed, TooManyViewers
from tldr_gateway.application.feed.ports import FeedReader, ProgressNews
from tldr_gateway.application.feed.viewer import Frame, Viewer
from tldr_gateway.domain.feed.news import News, Told, reconnect_news, state_news
from tldr_service import Clock
from tldr_telemetry import logger

_log = logger(__name__)
PAGE = 200
"""What is read of one stream at a time."""
_LOOK_EVERY_S = 5.0
PROGRESS_EVERY_S = 10.0
"""Each time asks two services about the stream."""
_AGAIN_AFTER_S = 1.0
_QUESTIONS_AT_ONCE = 8
_TOO_SLOW = "More happened than was read. Connect again with the id of the last event."
_CLOSING = "The server stops. Connect again with the id of the last event."


@dataclass(slots=True)
class _Tail:
    organization: OrganizationId
    mark: int
    viewers: set[Viewer] = field(default_factory=set)
    progress: Frame | None = None
    asking: asyncio.Task[None] | None = None


class FeedHub:
    """`encode` makes what is sent of news. `heard` is told which streams have news; all are looked at every 5 s as well."""

    def __init__(
        self,
        reader: FeedReader,
        progress: ProgressNews,
        encode: Callable[[Told], bytes],
        clock: Clock,
        *,
        most_viewers: int,
        progress_every_s: float = PROGRESS_EVERY_S,
    ) -> None:
        self._reader = reader
        self._ask = progress
        self._encode = encode
        self._clock = clock
        self._most_viewers = most_viewers
        self._progress_every_s = progress_every_s
        self._tails: dict[StreamId, _Tail] = {}
        self._dirty: set[StreamId] = set()
        self._woken = asyncio.Event()
        self._questions = asyncio.Semaphore(_QUESTIONS_AT_ONCE)
        self._closed = False
        # Made once: it is needed when much happens.
        self._too_slow = self.frame(Told(None, reconnect_news(clock.now(), "too_slow", _TOO_SLOW)), last=True)

    def heard(self, stream: str) -> None:
        """There is news of this stream; "": perhaps of any."""
        self._dirty |= set(self._tails) if not stream else {StreamId(stream)} & self._tails.keys()
        if self._dirty:
            self._woken.set()

    async def run(self) -> None:
        """Hand news to viewers until cancelled; then each of them is told to connect again."""
        self._closed = False
        try:
            while True:
                await self._wait()
                try:
                    await self._read()
                except Exception as error:
                    # Not the end of it: viewers stay, and are told when the next reading succeeds.
                    _log.warning("feeds cannot be read", error=repr(error))
                    await asyncio.sleep(_AGAIN_AFTER_S)
                    self._woken.set()
        except asyncio.CancelledError:
            self.close()
            raise

    def close(self) -> None:
        """Every viewer is told to connect again, and nobody is let in any more."""
        self._closed = True
        frame = self.frame(Told(None, reconnect_news(self._clock.now(), "server_stops", _CLOSING)), last=True)
        for tail in self._tails.values():
            for viewer in tail.viewers:
                viewer.cut_off(frame)

    def enter(
        self, organization: OrganizationId, stream: StreamId, *, told: int, after: int, limit: int
    ) -> tuple[Viewer, bool]:
        """A viewer of what is told after a number, and whether some of that was told already, so that it has to be read.

        `told`: how much was told when the stream was looked at. TooManyViewers of one organization, or of all.
        """
        if self._closed:
            raise FeedsClosed
        everybody = [viewer for tail in self._tails.values() for viewer in tail.viewers]
        if sum(viewer.organization == organization for viewer in everybody) >= limit:
            raise TooManyViewers(limit)
        if len(everybody) >= self._most_viewers:
            raise FeedsClosed
        tail = self._tails.get(stream)
        if tail is None:
            tail = self._tails[stream] = _Tail(organization, told)
            tail.asking = asyncio.create_task(self._tell_progress(stream, tail), name=f"progress of {stream}")
            # What was told between the look at the stream and now is news to nobody else.
            self.heard(stream)
        viewer = Viewer(organization, after)
        tail.viewers.add(viewer)
        if tail.progress:
            viewer.offer(tail.progress, self._too_slow)
        return viewer, after < tail.mark

    def leave(self, stream: StreamId, viewer: Viewer) -> None:
        """They watch no longer; a stream that nobody watches is not read."""
        tail = self._tails.get(stream)
        if tail is None:
            return
        tail.viewers.discard(viewer)
        if not tail.viewers:
            del self._tails[stream]
            if tail.asking:
                tail.asking.cancel()

    def frame(self, told: Told, *, last: bool | None = None) -> Frame:
        """News as it is sent."""
        return Frame(told.number, self._encode(told), told.news.last if last is None else last)

    async def backlog(self, stream: StreamId, after: int) -> Sequence[Told]:
        """The next page of what was told after a number and is still kept."""
        found = await self._reader.after({stream: after}, limit=PAGE)
        return found[stream].told if stream in found else ()

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(_LOOK_EVERY_S):
                await self._woken.wait()
        except TimeoutError:
            self._dirty |= set(self._tails)
        self._woken.clear()

    async def _read(self) -> None:
        dirty, self._dirty = self._dirty & self._tails.keys(), set()
        if not dirty:
            return
        try:
            found = await self._reader.after({stream: self._tails[stream].mark for stream in dirty}, limit=PAGE)
        except BaseException:
            self._dirty |= dirty
            raise
        for stream in dirty & self._tails.keys():
            tail = self._tails[stream]
            tailed = found.get(stream)
            if tailed is None:
                gone = state_news(stream, "deleted", self._clock.now())
                self._hand_out(tail.viewers, self.frame(Told(None, gone)))
                continue
            for told in tailed.told:
                if told.number is not None and told.number > tail.mark:
                    tail.mark = told.number
                    self._hand_out(tail.viewers, self.frame(told))
            if len(tailed.told) == PAGE:
                self.heard(stream)

    def _hand_out(self, viewers: Collection[Viewer], frame: Frame) -> None:
        for viewer in viewers:
            viewer.offer(frame, self._too_slow)

    async def _tell_progress(self, stream: StreamId, tail: _Tail) -> None:
        known = None
        while True:
            async with self._questions:
                figures = await self._ask(tail.organization, stream)
            if figures != known:
                known = figures
                tail.progress = self.frame(Told(None, News("progress", self._clock.now(), figures)))
                self._hand_out(tail.viewers, tail.progress)
            await asyncio.sleep(self._progress_every_s)
