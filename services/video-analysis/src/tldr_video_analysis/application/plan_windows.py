"""What was read of a stream becomes windows to analyse."""

from dataclasses import dataclass

from tldr_video_analysis.application.ports import Work
from tldr_video_analysis.domain.streams.analysed_stream import AnalysedStream, WindowLengths


@dataclass(frozen=True, slots=True)
class PlanWindows:
    """Make the windows that can be analysed now and ask for their analyses."""

    work: Work
    lengths: WindowLengths

    async def __call__(self, stream: AnalysedStream) -> AnalysedStream:
        """The taken stream with its new plan, not written."""
        planned, windows = stream.plan(self.lengths)
        if windows:
            await self.work.windows.add(stream.id, windows)
            await self.work.queue.ask(planned, windows)
        return planned

    async def resume(self, before: AnalysedStream, now: AnalysedStream) -> AnalysedStream:
        """Plan, and when the stream goes on after a pause ask again for what was taken back with it."""
        if now.works and not before.works:
            await self.work.queue.ask(now, await self.work.windows.waiting(now.id))
        return await self(now)
