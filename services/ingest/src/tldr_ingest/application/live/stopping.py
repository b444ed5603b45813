"""A live stream is stopped: what was seen is read to its end, but nobody waits for that for ever."""

from dataclasses import dataclass, replace
from datetime import timedelta

from tldr_contracts.ids import StreamId
from tldr_ingest.application.end_reading import EndReading
from tldr_ingest.application.ports import Work
from tldr_ingest.application.stream_record import StreamRecord

_LONGEST = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class StopLive:
    """The reading sees the wish with its next commit, and ends by itself."""

    work: Work

    async def ask(self, record: StreamRecord) -> None:
        """`record` is held, and something of it was read."""
        live = replace(record.media.live, stopping=True)
        await self.work.streams.put(replace(record, media=replace(record.media, live=live)))
        await self.work.readings.ask_end(record, _LONGEST)

    async def at_last(self, stream: StreamId) -> None:
        """End a reading that did not end by itself."""
        record = await self.work.streams.get(stream)
        if record.media_ended or not record.media.live.stopping:
            return
        await self.work.readings.cancel(stream, live_chat=False)
        record = await self.work.streams.lock(stream)
        if record.active and not record.media_ended:
            await EndReading(self.work).media(record)
