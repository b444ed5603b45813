"""What the gateway decides about a stream."""

from dataclasses import dataclass, replace

from tldr_contracts.ids import StreamId
from tldr_fusion_detector.application.begin_attempt import BeginAttempt
from tldr_fusion_detector.application.learning.feedback_ports import Learning, Verdicts
from tldr_fusion_detector.application.moments.fail_run import FailRun
from tldr_fusion_detector.application.ports import Announcements, Streams, Wakeups
from tldr_fusion_detector.application.stream_record import Request, Standing
from tldr_streams.values import Failure

CANCELLED = Failure("cancelled", "The stream was cancelled.")


@dataclass(frozen=True, slots=True)
class FollowStream:
    """Keep up with a stream's decisions; what has ended is worked on no more."""

    streams: Streams
    wakeups: Wakeups
    announcements: Announcements
    begin: BeginAttempt
    fail: FailRun
    verdicts: Verdicts
    learning: Learning

    async def requested(self, stream: StreamId, attempt: int, request: Request) -> None:
        """The stream was submitted: work can begin, or goes on with what came before."""
        record = await self.streams.get(stream)
        if record.dropped:
            return
        known = replace(record, attempt=max(record.attempt, attempt), request=request)
        ready = await self.begin.with_run(known)
        await self.streams.put(ready)
        await self.wakeups.wake(ready, soon=False)

    async def unreadable(self, stream: StreamId, attempt: int, request: Request, failure: Failure) -> None:
        """The request cannot be kept: its run fails, since nobody else would end it."""
        await self.requested(stream, attempt, request)
        await self.fail(stream, failure)

    async def retried(self, stream: StreamId, attempt: int) -> None:
        """A failed stream is tried again, on the signals that are there."""
        record = await self.begin(stream, attempt)
        if record is not None:
            await self.streams.put(record)
            await self.wakeups.wake(record, soon=False)

    async def failed(self, stream: StreamId, attempt: int, failure: Failure) -> None:
        """The gateway gave an attempt up. Signals are still kept: those of the next attempt may come before its word."""
        record = await self.streams.get(stream)
        if attempt >= record.attempt:
            await self._end(stream, Standing.FAILED, failure)

    async def completed(self, stream: StreamId) -> None:
        """Its highlights are ready."""
        await self._end(stream, Standing.COMPLETED)

    async def cancelled(self, stream: StreamId) -> None:
        """Drop its work on sight."""
        await self._end(stream, Standing.CANCELLED, CANCELLED)

    async def deleted(self, stream: StreamId) -> None:
        """Drop its work and all that came of it; what is left says that it was deleted."""
        await self._end(stream, Standing.DELETED)
        await self.streams.forget(stream)
        if await self.verdicts.forget(stream):
            await self.learning.wake()

    async def _end(self, stream: StreamId, standing: Standing, failure: Failure | None = None) -> None:
        await self.wakeups.drop(stream)
        record = await self.streams.get(stream)
        if standing is Standing.DELETED:
            await self.streams.put(replace(record, standing=standing, request=None))
        elif not record.dropped:
            await self.streams.put(replace(record, standing=standing))
        if failure is not None:
            await self.fail.abandon(record.run, failure)
        await self.announcements.close(stream)
