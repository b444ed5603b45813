"""Reads the chat that an address means: a file, or that of a recording on Twitch."""

import tempfile
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

from tldr_ingest.adapters.chat.reader_process import ProcessChatReader
from tldr_ingest.adapters.chat.twitch_video import TwitchVideoChat
from tldr_ingest.adapters.reading.places import GuardedAddress, SpooledFile
from tldr_ingest.application.packed_window import ChatReading
from tldr_ingest.application.ports import ReadingFailed
from tldr_ingest.application.stream_record import ChatRequest
from tldr_ingest.domain.live_chat.pages import page_of
from tldr_streams.values import Failure

_NO_REPLAY = Failure(
    "chat_page_not_read",
    "The address is a page whose chat cannot be read when its stream is over. Submit the chat as a file, or the address of a "
    "recording on Twitch.",
)


@dataclass(frozen=True, slots=True)
class PageChatReader:
    """See `ChatReader`."""

    files: ProcessChatReader
    twitch: TwitchVideoChat

    async def read(self, request: ChatRequest, first_index: int, end_ms: int) -> AsyncGenerator[ChatReading, None]:
        """See `ChatReader.read`."""
        place = await self.files.places.readable(request.place)
        page = page_of(place.url) if isinstance(place, GuardedAddress) else None
        if page is None:
            async with aclosing(self.files.read_place(place, request, first_index, end_ms)) as found:
                async for one in found:
                    yield one
            return
        if not page.video:
            raise ReadingFailed(_NO_REPLAY)
        with tempfile.NamedTemporaryFile(prefix="tldr-chat-") as file:
            await self.twitch.fetch(page.video, file)  # type: ignore[arg-type] # a wrapper of a binary file
            async with aclosing(self.files.read_place(SpooledFile(file.name), request, first_index, end_ms)) as found:
                async for one in found:
                    yield one
