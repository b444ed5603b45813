"""Read a stream's chat."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from tldr_ingest.application.end_reading import EndReading
from tldr_ingest.application.packed_window import ChatReading, PackedWindow, ReplayEnded
from tldr_ingest.application.ports import ChatReader, ReadingFailed, Shelf, Work
from tldr_ingest.application.reading import Reading
from tldr_ingest.application.stream_record import Address, ChatRequest, LiveChatKind, Request, StreamRecord
from tldr_ingest.domain.chat.report import ChatReport
from tldr_streams.transactions import Transact, Transactions
from tldr_streams.values import Failure, StoredObject

_TRUNCATED = Failure(
    "chat_truncated", "The chat file ends in the middle; what was written later is missing. Submit the whole file."
)
_NOT_LIVE = Failure(
    "chat_not_live", "A recording has no live chat. Submit the chat as a file, or the stream as a live source."
)
_UNFINISHED = Failure("chat_unfinished", "The chat could not be read to its end.")


@dataclass(frozen=True, slots=True)
class ReadChat:
    """Announce window by window, behind those that were announced; `batch` of them in a transaction."""

    reader: ChatReader
    shelf: Shelf
    batch: int = 30

    async def __call__(self, reading: Reading, transactions: Transactions[Work]) -> None:
        """Raises ReadingFailed when another try may help."""
        async with transactions.look() as work:
            record = await work.streams.lock(reading.stream)
        if record.request is None or record.request.chat is None or not record.reads_chat(reading.attempt):
            return
        failure: Failure | None = None
        report: ChatReport | None = None
        left: Sequence[PackedWindow] = ()
        try:
            chat, end_ms = _replay_in(record.request), record.media.read_until_ms
            async with aclosing(self.reader.read(chat, record.chat.windows, end_ms)) as found:
                left, ended = await self._copy(reading, found, transactions.progress)
            failure, report = _failure_of(ended), ended.report
        except ReadingFailed as error:
            if error.passing and not reading.last_try:
                raise
            failure = error.failure
        async with transactions.finish() as work:
            current = await work.streams.lock(reading.stream)
            if current.reads_chat(reading.attempt):
                await EndReading(work).chat(await _announce(work, current, left), failure, report)

    async def _copy(
        self, reading: Reading, found: AsyncGenerator[ChatReading, None], progress: Transact[Work]
    ) -> tuple[Sequence[PackedWindow], ReplayEnded]:
        """Announces all but the last few windows: the last may be a short one, behind which nothing can be read on."""
        batch: list[PackedWindow] = []
        async for one in found:
            if isinstance(one, ReplayEnded):
                return batch, one
            if len(batch) >= self.batch:
                async with progress() as work:
                    await _announce(work, await work.streams.lock(reading.stream), batch)
                batch = []
            batch.append(await self.shelf.put_window(reading.stream, one, reading.token))
        raise ReadingFailed(_UNFINISHED, passing=True)


def _replay_in(request: Request) -> ChatRequest:
    """The replay of a recording's chat. A chat of Twitch that is named beside a page of it is the page's own."""
    chat = request.chat
    if isinstance(chat, ChatRequest):
        return chat
    if chat is not None and chat.kind is LiveChatKind.TWITCH and isinstance(request.place, Address):
        return ChatRequest(request.place)
    raise ReadingFailed(_NOT_LIVE)


def _failure_of(ended: ReplayEnded) -> Failure | None:
    if ended.missing is not None:
        return Failure(ended.missing.code, ended.missing.reason)
    return _TRUNCATED if ended.truncated else None


async def _announce(work: Work, record: StreamRecord, windows: Sequence[PackedWindow]) -> StreamRecord:
    if not windows:
        return record
    stored = any(isinstance(window.content, StoredObject) for window in windows)
    last = windows[-1]
    chat = replace(record.chat, windows=last.index + 1, read_until_ms=last.end_ms, stored=record.chat.stored or stored)
    current = replace(record, chat=chat)
    await work.announcements.chat(current, windows)
    await work.streams.put(current)
    return current
