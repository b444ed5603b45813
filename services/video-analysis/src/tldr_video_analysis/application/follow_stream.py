"""What becomes of a stream elsewhere, as far as it concerns its analysis."""

from dataclasses import dataclass, replace

from tldr_contracts.ids import StreamId
from tldr_streams.following import StreamFollower, Streams
from tldr_video_analysis.application.plan_windows import PlanWindows
from tldr_video_analysis.application.ports import Work
from tldr_video_analysis.domain.streams.analysed_stream import AnalysedStream, Request


@dataclass(frozen=True, slots=True)
class FollowStream(StreamFollower[AnalysedStream, Request]):
    """Keep up with what the gateway decided. What was measured stays until it is old, unless the stream is deleted."""

    work: Work
    plan: PlanWindows

    @property
    def streams(self) -> Streams[AnalysedStream]:
        """The streams of the transaction at hand."""
        return self.work.streams

    async def requested(self, stream: StreamId, attempt: int, request: Request) -> None:
        """The stream was submitted: what came before can be analysed."""
        before = await self.streams.lock(stream)
        if not before.over:
            await self.resume(before, replace(before.at_attempt(attempt), request=request))

    async def resume(self, before: AnalysedStream, now: AnalysedStream) -> None:
        """Go on, with what came meanwhile."""
        await self.streams.put(await self.plan.resume(before, now))

    async def take_back(self, stream: StreamId) -> None:
        """Analyse it no more."""
        await self.work.queue.cancel(stream)

    async def close(self, stream: StreamId) -> None:
        """Let its events go."""
        await self.work.announcements.close(stream)
