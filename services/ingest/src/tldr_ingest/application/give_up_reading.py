"""A stream that cannot be read, however often it is tried."""

from dataclasses import dataclass

from tldr_contracts.ids import StreamId
from tldr_ingest.application.end_reading import EndReading
from tldr_ingest.application.ports import Work
from tldr_streams.values import Failure

_MEDIA = Failure("ingest_failed", "The recording could not be read on. Retry the stream; it goes on where it stopped.")
_CHAT = Failure("chat_failed", "The chat could not be read on. Retry the stream, or submit it without chat.")


@dataclass(frozen=True, slots=True)
class GiveUpReading:
    """End the attempt's reading badly; what was read stands."""

    work: Work

    async def media(self, stream: StreamId, attempt: int) -> None:
        """Picture and sound."""
        record = await self.work.streams.lock(stream)
        if record.reads_media(attempt):
            await EndReading(self.work).media(record, _MEDIA)

    async def chat(self, stream: StreamId, attempt: int) -> None:
        """Chat."""
        record = await self.work.streams.lock(stream)
        if record.reads_chat(attempt):
            await EndReading(self.work).chat(record, _CHAT)
        elif record.reads_live_chat(attempt):
            await EndReading(self.work).live_chat(record, _CHAT)

    async def attempt(self, stream: StreamId, attempt: int) -> None:
        """An attempt that could not even be begun."""
        record = await self.work.streams.lock(stream)
        if not record.over and attempt > record.attempt:
            end = EndReading(self.work)
            await end.media(await end.chat(record.at_attempt(attempt), _CHAT), _MEDIA)
