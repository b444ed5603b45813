"""Read the chat of a live stream as it is written."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass

from tldr_ingest.application.end_reading import EndReading
from tldr_ingest.application.live.resolving import NotLive
from tldr_ingest.application.live_chat.announce_chat import announce_chat
from tldr_ingest.application.live_chat.ports import ChatChannels, LiveChatReader
from tldr_ingest.application.packed_window import PackedWindow
from tldr_ingest.application.ports import ChatFact, ReadingFailed, Shelf, Work
from tldr_ingest.application.reading import Reading
from tldr_ingest.application.stream_record import LiveChatKind, Request, StreamRecord
from tldr_ingest.domain.chat.report import ChatCounts
from tldr_ingest.domain.chat.windows import ChatWindow
from tldr_ingest.domain.live_chat.coverage import LiveCoverage, MissingChat
from tldr_ingest.domain.live_chat.events import Heard, LiveChatEvent
from tldr_ingest.domain.live_chat.windows import LiveWindows
from tldr_ingest.domain.media.source import Modality, ReadGap
from tldr_streams.transactions import Transactions

_JOINED = ("chat_joined_late", "The chat was not read yet when the stream began.")
_RESTARTED = ("chat_reader_restarted", "The chat was not read while its reader was started again.")
NO_CLOCK = ("chat_clock_unknown", "When the stream began is not known, so its chat could not be placed.")
_NOT_LIVE_S = 60.0


@dataclass(frozen=True, slots=True)
class LivePace:
    """`window_ms`: the least a window covers, whole seconds. `grace_ms`: how long it is held back, so that messages can be
    taken back. `look_ms`: how often the stream is looked at while there is nothing to tell. `tick_ms`: how often it is
    looked whether there is.
    """

    window_ms: int = 2000
    grace_ms: int = 1500
    look_ms: int = 2000
    tick_ms: int = 250


@dataclass(frozen=True, slots=True)
class ReadLiveChat:
    """Announce window by window, and what was missed as gaps, up to where picture and sound end.

    `now_ms`: the wall clock. `pack`: a window's messages as they are published. `passes`: whether trouble with the database
    or the store is waited out; what was read is held meanwhile, so that it costs no gap.
    """

    readers: Mapping[LiveChatKind, LiveChatReader]
    channels: ChatChannels
    shelf: Shelf
    pack: Callable[[ChatWindow], PackedWindow]
    now_ms: Callable[[], int]
    passes: Callable[[Exception], bool]
    pace: LivePace

    async def __call__(self, reading: Reading, transactions: Transactions[Work]) -> None:
        """Raises ReadingFailed when another try may help."""
        async with transactions.look() as work:
            record = await work.streams.lock(reading.stream)
        request = record.request
        if request is None or record.live_chat is None or not record.reads_live_chat(reading.attempt):
            return
        failure = None
        try:
            reader = self.readers[record.live_chat.kind]
            channel = await self._channel(reading, request, transactions)
            if channel is None:
                return
            async with aclosing(reader.follow(channel)) as heard:
                await self._follow(reading, record, heard, transactions)
        except ReadingFailed as error:
            if error.passing and not reading.last_try:
                raise
            failure = error.failure
        async with transactions.finish() as work:
            current = await work.streams.lock(reading.stream)
            if current.reads_live_chat(reading.attempt):
                await EndReading(work).live_chat(current, failure)

    async def _channel(self, reading: Reading, request: Request, transactions: Transactions[Work]) -> str | None:
        """Whose chat it is; None where nobody wants to know any more."""
        while True:
            try:
                return await self.channels.channel_of(request)
            except NotLive:
                async with transactions.progress() as work:
                    if not (await work.streams.lock(reading.stream)).reads_live_chat(reading.attempt):
                        return None
                await asyncio.sleep(_NOT_LIVE_S)

    async def _follow(
        self,
        reading: Reading,
        record: StreamRecord,
        heard: AsyncGenerator[Sequence[LiveChatEvent], None],
        transactions: Transactions[Work],
    ) -> None:
        windows = self._windows(record)
        taking = asyncio.create_task(_take(heard, windows))
        looked_ms = self.now_ms() - self.pace.look_ms
        try:
            while not windows.finished:
                facts = windows.due(self.now_ms())
                if facts or self.now_ms() - looked_ms >= self.pace.look_ms:
                    current = await self._tell(reading, facts, windows.counts, transactions)
                    looked_ms = self.now_ms()
                    if not current.reads_live_chat(reading.attempt):
                        return
                    windows.zero_ms = current.media.wall_zero_ms or None
                    if current.media_ended:
                        windows.end_ms = current.media.read_until_ms
                        if windows.zero_ms is None:
                            await self._tell(reading, _without_clock(windows), windows.counts, transactions)
                            return
                await self._wait(taking, windows)
            await self._tell(reading, windows.due(self.now_ms()), windows.counts, transactions)
        finally:
            taking.cancel()
            with suppress(asyncio.CancelledError, ReadingFailed):
                await taking

    def _windows(self, record: StreamRecord) -> LiveWindows:
        code, reason = _RESTARTED if record.chat.read_until_ms else _JOINED
        return LiveWindows(
            LiveCoverage(code, reason, self.now_ms()),
            self.pace.window_ms,
            self.pace.grace_ms,
            index=record.chat.windows,
            until_ms=record.chat.read_until_ms,
            counts=record.chat.report.counts if record.chat.report else ChatCounts(),
        )

    async def _wait(self, taking: "asyncio.Task[None]", windows: LiveWindows) -> None:
        if not taking.done():
            await asyncio.wait({taking}, timeout=self.pace.tick_ms / 1000)
            return
        taking.result()  # ReadingFailed, where the chat cannot be read
        # The platform closed it: nobody can write any more.
        windows.take([Heard(self.now_ms())])
        await asyncio.sleep(self.pace.tick_ms / 1000)

    async def _tell(
        self,
        reading: Reading,
        told: Sequence[ChatWindow | MissingChat],
        counts: ChatCounts,
        transactions: Transactions[Work],
    ) -> StreamRecord:
        while True:
            try:
                facts = [await self._fact(reading, one) for one in told]
                async with transactions.progress() as work:
                    record = await work.streams.lock(reading.stream)
                    if not facts or not record.reads_live_chat(reading.attempt):
                        return record
                    return await announce_chat(work, record, facts, counts)
            except Exception as error:
                if not self.passes(error):
                    raise
                await asyncio.sleep(4 * self.pace.tick_ms / 1000)

    async def _fact(self, reading: Reading, one: ChatWindow | MissingChat) -> ChatFact:
        if isinstance(one, MissingChat):
            return ReadGap(Modality.CHAT, one.start_ms, one.end_ms, one.code, one.reason)
        return await self.shelf.put_window(reading.stream, self.pack(one), reading.token)


async def _take(heard: AsyncGenerator[Sequence[LiveChatEvent], None], windows: LiveWindows) -> None:
    async for events in heard:
        windows.take(events)


def _without_clock(windows: LiveWindows) -> list[MissingChat]:
    end = -(-(windows.end_ms or 0) // 1000) * 1000
    return [MissingChat(windows.until_ms, end, *NO_CLOCK)] if end > windows.until_ms else []
