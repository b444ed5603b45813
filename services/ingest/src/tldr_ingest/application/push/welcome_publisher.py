"""An encoder has begun to publish: nobody waits any longer for the stream it sends."""

from dataclasses import dataclass

from tldr_contracts.ids import StreamId
from tldr_ingest.application.ports import Work
from tldr_ingest.application.stream_record import LiveState


@dataclass(frozen=True, slots=True)
class WelcomePublisher:
    """A stream that is waited for is looked at now and again only; this is the time to look."""

    work: Work

    async def __call__(self, stream: StreamId) -> None:
        """Ask for the reading at once; a stream that is being read needs nothing."""
        record = await self.work.streams.lock(stream)
        if record.reads_media(record.attempt) and record.media.live.state is LiveState.WAITING:
            await self.work.readings.ask_media(record)
