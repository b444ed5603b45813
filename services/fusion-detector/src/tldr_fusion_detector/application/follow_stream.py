"""What the gateway decides about a stream."""

from dataclasses import dataclass, replace

from tldr_contracts.ids import StreamId
from tldr_fusion_detector.application.begin_attempt import BeginAttempt
from tldr_fusion_detector.application.learning.feedback_ports import Learning, Verdicts
from tldr_fusion_detector.application.moments.fail_run import FailRun
from tldr_fusion_detector.application.ports import Announcements, Streams, Wakeups
from tldr_fusion_detector.application.stream_record import Request, StreamRecord
from tldr_streams.following import StreamFollower
from tldr_streams.state import StreamState
from tldr_streams.values import Failure

CANCELLED = Failure("cancelled", "The stream was cancelled.")
STREAM_FAILED = Failure("stream_failed", "The stream failed.")


@dataclass(frozen=True, slots=True)
class FollowStream(StreamFollower[StreamRecord, Request]):
    """Keep up with a stream's decisions. `failure`: what the decision at hand gives as the reason, where it gives one.

    Of a failed stream signals are still kept: those of the next attempt may come before its word.
    """

    followed: Streams
    wakeups: Wakeups
    announcements: Announcements
    begin: BeginAttempt
    fail: FailRun
    verdicts: Verdicts
    learning: Learning
    failure: Failure = STREAM_FAILED

    @property
    def streams(self) -> Streams:
        """The streams of the transaction at hand."""
        return self.followed

    async def requested(self, stream: StreamId, attempt: int, request: Request) -> None:
        """The stream was submitted: work can begin, or goes on with what came before."""
        before = await self.streams.lock(stream)
        if not before.dropped:
            await self.resume(before, replace(before.at_attempt(attempt), request=request))

    async def unreadable(self, stream: StreamId, attempt: int, request: Request, failure: Failure) -> None:
        """The request cannot be kept: its run fails, since nobody else would end it."""
        await self.requested(stream, attempt, request)
        await self.fail(stream, failure)

    async def resume(self, before: StreamRecord, now: StreamRecord) -> None:
        """Go on, on the signals that are there."""
        ready = await self.begin.go_on(before, now)
        await self.streams.put(ready)
        await self.wakeups.wake(ready, soon=False)

    async def take_back(self, stream: StreamId) -> None:
        """Advance it no more."""
        await self.wakeups.cancel(stream)

    async def on_end(self, ended: StreamRecord) -> None:
        """A run that nobody waits for any longer has failed; of a deleted stream nothing is learned."""
        match ended.state:
            case StreamState.FAILED:
                await self.fail.abandon(ended.run, self.failure)
            case StreamState.CANCELLED:
                await self.fail.abandon(ended.run, CANCELLED)
            case StreamState.DELETED:
                if await self.verdicts.forget(ended.id):
                    await self.learning.wake()

    async def close(self, stream: StreamId) -> None:
        """Let its events go."""
        await self.announcements.close(stream)
