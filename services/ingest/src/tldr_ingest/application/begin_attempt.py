"""An attempt begins: ask for what is left to be read."""

from dataclasses import dataclass, replace

from tldr_ingest.application.end_reading import EndReading
from tldr_ingest.application.ports import Work
from tldr_ingest.application.stream_record import Push, StreamRecord, Upload
from tldr_streams.values import Failure

_NO_REQUEST = Failure("request_unreadable", "The stream's request could not be stored. Submit the stream again.")
_NO_SOURCE = Failure("no_source", "The stream names no recording. Submit it again with an upload or an address.")
_UPLOAD = Failure("upload_not_live", "An upload is a recording. Submit it as one, or a live source by its address.")


@dataclass(frozen=True, slots=True)
class BeginAttempt:
    """Ask for picture and sound, whose end asks for chat, and for a live chat at once; say again what was read to its end."""

    work: Work

    async def __call__(self, record: StreamRecord) -> None:
        """Begin; puts the record."""
        live = replace(record.media.live, waits_until_ms=0, stopping=False)
        record = replace(record, media=replace(record.media, live=live))
        await self.work.streams.put(record)
        if record.reads_live_chat(record.attempt):
            await self.work.readings.ask_live_chat(record)
        end, request = EndReading(self.work), record.request
        if request is None:
            await end.media(await end.chat(record, _NO_REQUEST), _NO_REQUEST)
            return
        if request.place is None or (request.live and isinstance(request.place, Upload)):
            await end.media(record, _UPLOAD if request.place else _NO_SOURCE)
        elif record.media.complete:
            await self._say_again(record)
        else:
            if isinstance(request.place, Push):
                await self.work.keys.admit(record.id, request.place.key_digest)
            await self.work.readings.ask_media(record)

    async def _say_again(self, record: StreamRecord) -> None:
        media = record.media
        if media.info is not None:
            record = replace(record, media=replace(media, opened_attempt=record.attempt))
            await self.work.announcements.media(record, [media.info])
        await EndReading(self.work).media(record)
