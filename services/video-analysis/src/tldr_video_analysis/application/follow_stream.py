"""What becomes of a stream elsewhere, as far as it concerns its analysis."""

from dataclasses import dataclass, replace

from tldr_contracts.ids import StreamId
from tldr_video_analysis.application.plan_windows import PlanWindows
from tldr_video_analysis.application.ports import Work
from tldr_video_analysis.domain.analysed_stream import Request, Standing


@dataclass(frozen=True, slots=True)
class FollowStream:
    """Keep up with what the gateway decided."""

    work: Work
    plan: PlanWindows

    async def requested(self, wanted: StreamId, attempt: int, request: Request) -> None:
        """The stream was submitted: what came before can be analysed."""
        before = await self.work.streams.take(wanted)
        if before.standing is not Standing.OVER:
            now = replace(before.at_attempt(attempt), request=request)
            await self.work.streams.put(await self.plan.resume(before, now))

    async def retried(self, wanted: StreamId, attempt: int) -> None:
        """Go on, with what came meanwhile."""
        before = await self.work.streams.take(wanted)
        await self.work.streams.put(await self.plan.resume(before, before.at_attempt(attempt)))

    async def failed(self, wanted: StreamId, attempt: int) -> None:
        """Rest. What came is kept: ingest goes on after it if the stream is retried. An older attempt changes nothing."""
        stream = await self.work.streams.take(wanted)
        if attempt >= stream.attempt and stream.standing is not Standing.OVER:
            await self.work.queue.cancel(wanted)
            await self.work.streams.put(replace(stream, standing=Standing.PAUSED))
            await self.work.announcements.close(wanted)

    async def over(self, wanted: StreamId) -> None:
        """Completed or cancelled: no work, ever. What was measured stays until it is old."""
        await self.work.queue.cancel(wanted)
        await self.work.streams.put(replace(await self.work.streams.take(wanted), standing=Standing.OVER))
        await self.work.announcements.close(wanted)

    async def deleted(self, wanted: StreamId) -> None:
        """Over, and all that came of it goes; only the stream's own row stays, so that late events find it over."""
        await self.over(wanted)
        await self.work.streams.forget(wanted)
