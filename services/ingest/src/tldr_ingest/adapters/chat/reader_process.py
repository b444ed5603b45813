"""Reads chat replays in a process of its own."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

from tldr_ingest.adapters.chat.task import ChatTask, read_chat
from tldr_ingest.adapters.reading.messages import Task
from tldr_ingest.adapters.reading.places import CHAT_TOO_LARGE, Places, ReadablePlace, SpooledFile, failing_for
from tldr_ingest.adapters.reading.processes import ReadingProcesses
from tldr_ingest.application.packed_window import ChatReading
from tldr_ingest.application.stream_record import ChatRequest


@dataclass(frozen=True, slots=True)
class ProcessChatReader:
    """See `ChatReader`."""

    processes: ReadingProcesses
    places: Places
    open_limit_s: float
    window_s: int
    limit_bytes: int

    async def read(self, request: ChatRequest, first_index: int, end_ms: int) -> AsyncGenerator[ChatReading, None]:
        """See `ChatReader.read`."""
        place = await self.places.readable(request.place)
        async with aclosing(self.read_place(place, request, first_index, end_ms)) as found:
            async for one in found:
                yield one

    async def read_place(
        self, place: ReadablePlace | SpooledFile, request: ChatRequest, first_index: int, end_ms: int
    ) -> AsyncGenerator[ChatReading, None]:
        """The same of a place that was made readable."""
        wanted = ChatTask(
            format=request.format,
            offset_ms=request.offset_ms,
            media_started_at_ms=request.media_started_at_ms,
            window_s=self.window_s,
            first_index=first_index,
            limit_bytes=self.limit_bytes,
            end_ms=end_ms,
        )
        task = Task(read_chat, (place, wanted))
        with failing_for(place, CHAT_TOO_LARGE):
            async with aclosing(self.processes.run(task, first_within_s=self.open_limit_s)) as items:
                async for item in items:
                    if item.value is not None:
                        yield item.value
