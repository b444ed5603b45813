"""What the gateway decides about a stream."""

from dataclasses import dataclass, replace

from tldr_contracts.ids import StreamId
from tldr_ingest.application.begin_attempt import BeginAttempt
from tldr_ingest.application.end_reading import EndReading
from tldr_ingest.application.live.stopping import StopLive
from tldr_ingest.application.ports import Work
from tldr_ingest.application.stream_record import ChatProgress, MediaProgress, Push, Request, StreamRecord
from tldr_streams.following import StreamFollower, Streams
from tldr_streams.state import StreamState
from tldr_streams.values import Failure

_NOTHING_READ = Failure("stopped", "The stream was stopped before anything of it was read.")


@dataclass(frozen=True, slots=True)
class FollowStream(StreamFollower[StreamRecord, Request | None]):
    """Keep up with a stream's decisions; what has ended is worked on no more."""

    work: Work

    @property
    def streams(self) -> Streams[StreamRecord]:
        """The streams of the transaction at hand."""
        return self.work.streams

    async def requested(self, stream: StreamId, attempt: int, request: Request | None) -> None:
        """The stream was submitted. Without a request (it could not be kept) its attempt ends at once."""
        record = await self.streams.lock(stream)
        if record.active and record.request is None and not record.media_ended:
            await BeginAttempt(self.work)(replace(record.at_attempt(attempt), request=request))

    async def resume(self, before: StreamRecord, now: StreamRecord) -> None:
        """Reading goes on where it ended."""
        await BeginAttempt(self.work)(now)

    async def stopped(self, stream: StreamId) -> None:
        """The input ends here; what was read is all there is. Of a live one what was seen is read first."""
        known = await self.streams.get(stream)
        if known.media_ended:
            return  # what is left of its chat is being read
        if known.live is not None and known.media.segments:
            record = await self.streams.lock(stream)
            if record.active and not record.media_ended:
                await StopLive(self.work).ask(record)
            return
        await self.work.readings.cancel(stream, live_chat=False)
        record = await self.streams.lock(stream)
        if record.active and not record.media_ended:
            await EndReading(self.work).media(record, None if record.media.segments else _NOTHING_READ)

    async def key_rotated(self, stream: StreamId, key_digest: str) -> None:
        """The old key opens nothing any more; the new one does while the stream is read, or when it is retried."""
        record = await self.streams.lock(stream)
        request = record.request
        if request is None or not isinstance(request.place, Push):
            return
        await self.streams.put(replace(record, request=replace(request, place=Push(key_digest))))
        if record.active and not record.media_ended:
            await self.work.keys.admit(stream, key_digest)

    async def take_back(self, stream: StreamId) -> None:
        """Read it no more."""
        await self.work.readings.cancel(stream)

    async def on_end(self, ended: StreamRecord) -> None:
        """Of a completed stream the segments are kept by plan, by another service; of one that nobody wants, nothing."""
        await self.work.keys.refuse(ended.id)
        if ended.state is StreamState.DELETED:
            await self.streams.put(replace(ended, request=None, media=MediaProgress(), chat=ChatProgress()))
        if ended.dropped:
            await self.work.readings.purge(ended.id)
        elif ended.over and ended.chat.stored:
            await self.work.readings.purge(ended.id, chat_only=True)

    async def close(self, stream: StreamId) -> None:
        """Let its events go."""
        await self.work.announcements.close(stream)
