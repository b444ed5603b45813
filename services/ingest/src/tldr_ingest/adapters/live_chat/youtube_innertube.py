"""YouTube's live chat, asked for as its own pages do."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Sequence

from tldr_ingest.adapters.live_chat.backoff import delay_s
from tldr_ingest.adapters.live_chat.youtube_api import YoutubeApi
from tldr_ingest.application.ports import ReadingFailed
from tldr_ingest.domain.live_chat.events import Broken, Heard, Listening, LiveChatEvent, LiveMessage
from tldr_ingest.domain.live_chat.pages import youtube_path
from tldr_ingest.domain.live_chat.server_clock import MOST_OFF_MS
from tldr_ingest.domain.live_chat.youtube import ChatPage, said
from tldr_outbound import AddressRefused, OutboundError, SourceNotFound
from tldr_streams.values import Failure

# The answers of several servers come together; what was written a moment ago may be in the next one.
_SETTLED_MS = 1500
_WAITS_MS = (1000, 5000)
# With a pause of more than that an answer may leave out what was written first.
_PATIENCE_MS = 15_000
_NO_CHAT_S = 30.0
_REFUSALS = 3
_INEXACT_MS = 2000
_KNOWN = 1000
_BROKEN = ("chat_connection_lost", "YouTube did not answer for a while; what was written meanwhile was not read.")
_REFUSED = Failure(
    "chat_channel_not_found",
    "There is no page of this video or channel on YouTube. Check the id of the video whose chat is to be read.",
)


class YoutubeChatReader:
    """See `LiveChatReader`. `paces`: the least and the most that lie between two questions, in milliseconds."""

    def __init__(
        self,
        api: YoutubeApi,
        now_ms: Callable[[], int],
        paces: tuple[int, int] = _WAITS_MS,
        backoff_s: Callable[[int], float] = delay_s,
        no_chat_s: float = _NO_CHAT_S,
    ) -> None:
        self._api = api
        self._now_ms = now_ms
        self._paces = paces
        self._backoff_s = backoff_s
        self._no_chat_s = no_chat_s

    async def follow(self, channel: str) -> AsyncGenerator[Sequence[LiveChatEvent], None]:
        """See `LiveChatReader.follow`."""
        path = youtube_path(channel)
        if path is None:
            raise ReadingFailed(_REFUSED)
        heard, failures, refused = _Heard(self._now_ms), 0, 0
        page: ChatPage | None = None
        continuation = ""
        while True:
            try:
                if page is None:
                    page = await self._api.page(path)
                    continuation = "" if page.replay else page.continuation
                    heard.reads_anew()
                asked_ms = self._now_ms()
                if continuation:
                    answer, server_ms = await self._api.messages(page, continuation)
            except AddressRefused as error:
                raise ReadingFailed(Failure(error.code, error.sentence)) from error
            except OutboundError as error:
                failures += 1
                refused += isinstance(error, SourceNotFound)
                if refused >= _REFUSALS and not heard.until_ms:
                    raise ReadingFailed(_REFUSED) from None
                lost = heard.overdue()
                if lost or isinstance(error, SourceNotFound):
                    page = None  # what it leads to has expired
                yield lost
                await asyncio.sleep(self._backoff_s(failures))
                continue
            failures = 0
            if not continuation:
                if heard.until_ms or page.replay:
                    return
                # It has not begun. Whoever reads the stream knows when to stop waiting.
                page = None
                await asyncio.sleep(self._no_chat_s)
                continue
            heard.set_clock(asked_ms, server_ms)
            yield heard.of(list(said(answer.actions)), asked_ms)
            continuation = answer.continuation
            if not continuation:
                page = None  # the end, if the page says so
            await asyncio.sleep(min(max(answer.wait_ms, self._paces[0]), self._paces[1]) / 1000)


class _Heard:
    """How far a chat is known, on YouTube's clock. A page's first answer holds what was written lately: where that reaches back
    to what was heard before, by its times or by a message that is known, nothing is missing.
    """

    def __init__(self, now_ms: Callable[[], int]) -> None:
        self.until_ms = 0
        self._now_ms = now_ms
        self._ahead_ms = 0
        self._anew = True
        self._listening = False
        self._known: deque[str] = deque(maxlen=_KNOWN)

    def reads_anew(self) -> None:
        """The next answer is the first one of a page."""
        self._anew = True

    def overdue(self) -> list[LiveChatEvent]:
        """Says that nothing comes any more, once, when that has lasted."""
        waited_ms = self._now_ms() + self._ahead_ms - self.until_ms
        if not self._listening or waited_ms <= _PATIENCE_MS:
            return []
        self._listening = False
        return [Broken(*_BROKEN)]

    def of(self, events: list[LiveChatEvent], asked_ms: int) -> list[LiveChatEvent]:
        """Events of an answer, with what they say of how far chat is known."""
        until_ms = max(asked_ms + self._ahead_ms - _SETTLED_MS, self.until_ms)
        messages = [event for event in events if isinstance(event, LiveMessage)]
        first = self._first(messages, until_ms) if self._anew else []
        self._known.extend(message.id for message in messages)
        self.until_ms = until_ms
        return [*first, *events, Heard(until_ms)]

    def _first(self, messages: Sequence[LiveMessage], until_ms: int) -> list[LiveChatEvent]:
        before_ms = self.until_ms or until_ms
        joins = not messages or not set(self._known).isdisjoint(message.id for message in messages)
        since_ms = before_ms if joins else min(message.at_ms for message in messages)
        lost = self._listening and since_ms > before_ms
        self._anew, self._listening = False, True
        if not self.until_ms:
            return [Listening(min(since_ms, until_ms))]
        return [Broken(*_BROKEN), Listening(since_ms)] if lost else [Listening(since_ms)]

    def set_clock(self, asked_ms: int, server_ms: int | None) -> None:
        """How far YouTube's clock is ahead of ours; its header is not exact to less than a second or two."""
        ahead_ms = 0 if server_ms is None else server_ms - (asked_ms + self._now_ms()) // 2
        self._ahead_ms = ahead_ms if _INEXACT_MS < abs(ahead_ms) <= MOST_OFF_MS else 0
