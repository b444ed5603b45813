"""What the gateway decides about a stream."""

from dataclasses import dataclass, replace

from tldr_contracts.ids import StreamId
from tldr_ingest.application.begin_attempt import BeginAttempt
from tldr_ingest.application.end_reading import EndReading
from tldr_ingest.application.ports import Work
from tldr_ingest.application.stream_record import (
    ChatProgress,
    Failure,
    MediaProgress,
    Request,
    Standing,
    StreamRecord,
)

_NOTHING_READ = Failure("stopped", "The stream was stopped before anything of it was read.")


@dataclass(frozen=True, slots=True)
class FollowStream:
    """Keep up with a stream's decisions; what has ended is worked on no more."""

    work: Work

    async def requested(self, stream: StreamId, attempt: int, request: Request | None) -> None:
        """The stream was submitted. Without a request (it could not be kept) its attempt ends at once."""
        record = await self.work.streams.hold(stream)
        if record.standing is Standing.ACTIVE and record.request is None and not record.media_ended:
            begun = replace(record, attempt=max(record.attempt, attempt), request=request)
            await BeginAttempt(self.work)(begun)

    async def retried(self, stream: StreamId, attempt: int) -> None:
        """A failed stream is tried again: reading goes on where it ended."""
        known = await self.work.streams.get(stream)
        if known is not None and (known.over or attempt <= known.attempt):
            return
        await self.work.readings.drop(stream)
        record = await self.work.streams.hold(stream)
        await BeginAttempt(self.work)(record.at_attempt(attempt))

    async def stopped(self, stream: StreamId) -> None:
        """The input ends here; what was read is all there is."""
        known = await self.work.streams.get(stream)
        if known is not None and known.media_ended:
            return  # what is left of its chat is being read
        await self.work.readings.drop(stream)
        record = await self.work.streams.hold(stream)
        if record.standing is Standing.ACTIVE and not record.media_ended:
            await EndReading(self.work).media(record, None if record.media.segments else _NOTHING_READ)

    async def failed(self, stream: StreamId, attempt: int) -> None:
        """The gateway gave an attempt up; another may follow."""
        record = await self.work.streams.get(stream)
        if record is None or attempt >= record.attempt:
            await self._end(stream, Standing.FAILED)

    async def completed(self, stream: StreamId) -> None:
        """Its highlights are ready. What people wrote is not needed any more; segments are kept by plan."""
        record = await self._end(stream, Standing.COMPLETED)
        if record.chat.stored:
            await self.work.readings.purge(stream, chat_only=True)

    async def cancelled(self, stream: StreamId) -> None:
        """Drop its work on sight, and what was made of it: nobody will use it."""
        await self._end(stream, Standing.CANCELLED)
        await self.work.readings.purge(stream)

    async def deleted(self, stream: StreamId) -> None:
        """Drop its work and all that came of it; what is left says that it was deleted."""
        record = await self._end(stream, Standing.DELETED)
        await self.work.segments.forget(stream)
        await self.work.gaps.forget(stream)
        await self.work.streams.put(replace(record, request=None, media=MediaProgress(), chat=ChatProgress()))
        await self.work.readings.purge(stream)

    async def _end(self, stream: StreamId, standing: Standing) -> StreamRecord:
        await self.work.readings.drop(stream)
        record = await self.work.streams.hold(stream)
        if not record.over or standing is Standing.DELETED:
            record = replace(record, standing=standing)
            await self.work.streams.put(record)
        await self.work.announcements.close(stream)
        return record
