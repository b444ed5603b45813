"""Read a stream's chat."""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, aclosing
from dataclasses import dataclass, replace

from tldr_ingest.application.end_reading import EndReading
from tldr_ingest.application.packed_window import ChatReading, PackedWindow, ReplayEnded
from tldr_ingest.application.ports import ChatReader, ReadingFailed, Shelf, Work
from tldr_ingest.application.read_media import Reading
from tldr_ingest.application.stored_segment import StoredObject
from tldr_ingest.application.stream_record import Failure

Transact = Callable[[], AbstractAsyncContextManager[Work]]

_TRUNCATED = Failure(
    "chat_truncated", "The chat file ends in the middle; what was written later is missing. Submit the whole file."
)


@dataclass(frozen=True, slots=True)
class ReadChat:
    """Announce window by window, behind those that were announced; `batch` of them in a transaction."""

    reader: ChatReader
    shelf: Shelf
    batch: int = 30

    async def __call__(self, reading: Reading, *, look: Transact, progress: Transact, finish: Transact) -> None:
        """See `ReadMedia`."""
        async with look() as work:
            record = await work.streams.hold(reading.stream)
        if record.request is None or record.request.chat is None or not record.reads_chat(reading.attempt):
            return
        failure: Failure | None = None
        left: Sequence[PackedWindow] = ()
        try:
            async with aclosing(self.reader.read(record.request.chat, record.chat.windows)) as found:
                left, ended = await self._copy(reading, found, progress)
            failure = _TRUNCATED if ended.truncated else None
        except ReadingFailed as error:
            if error.passing and not reading.last_try:
                raise
            failure = error.failure
        async with finish() as work:
            current = await work.streams.hold(reading.stream)
            if current.reads_chat(reading.attempt):
                current = replace(current, chat=await _announced(work, reading, left))
                await EndReading(work).chat(current, failure)

    async def _copy(
        self, reading: Reading, found: AsyncGenerator[ChatReading, None], progress: Transact
    ) -> tuple[Sequence[PackedWindow], ReplayEnded]:
        """Announce all but the last few windows, which go with the end: a short last one must not be gone on behind."""
        batch: list[PackedWindow] = []
        async for one in found:
            if isinstance(one, ReplayEnded):
                return batch, one
            if len(batch) >= self.batch:
                async with progress() as work:
                    await _announced(work, reading, batch)
                batch = []
            batch.append(await self.shelf.put_window(reading.stream, one, reading.token))
        raise ReadingFailed(Failure("chat_unfinished", "The chat could not be read to its end."), passing=True)
