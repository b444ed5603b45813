"""An attempt begins: ask for what is left to be read."""

from dataclasses import dataclass, replace

from tldr_ingest.application.end_reading import EndReading
from tldr_ingest.application.ports import Work
from tldr_ingest.application.stream_record import Push, StreamRecord
from tldr_streams.values import Failure

_NO_REQUEST = Failure("request_unreadable", "The stream's request could not be stored. Submit the stream again.")
_NO_SOURCE = Failure("no_source", "The stream names no recording. Submit it again with an upload or an address.")
_LIVE = Failure("live_not_supported", "Live sources are not read yet. Submit a recording of the stream.")


@dataclass(frozen=True, slots=True)
class BeginAttempt:
    """Ask for picture and sound, whose end asks for chat, and for a live chat at once; say again what was read to its end."""

    work: Work

    async def __call__(self, record: StreamRecord) -> None:
        """Begin; puts the record."""
        await self.work.streams.put(record)
        if record.reads_live_chat(record.attempt):
            await self.work.readings.ask_live_chat(record)
        end, request = EndReading(self.work), record.request
        if request is None:
            await end.media(await end.chat(record, _NO_REQUEST), _NO_REQUEST)
            return
        if isinstance(request.place, Push) and not record.media.complete:
            await self.work.keys.admit(record.id, request.place.key_digest)
            await self.work.readings.ask_media(record)
        elif request.live or request.place is None:
            await end.media(record, _LIVE if request.live else _NO_SOURCE)
        elif record.media.complete:
            await self._say_again(record)
        else:
            await self.work.readings.ask_media(record)

    async def _say_again(self, record: StreamRecord) -> None:
        media = record.media
        if media.info is not None:
            record = replace(record, media=replace(media, opened_attempt=record.attempt))
            await self.work.announcements.media(record, [media.info])
        await EndReading(self.work).media(record)
