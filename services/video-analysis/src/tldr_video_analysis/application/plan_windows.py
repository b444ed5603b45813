"""What was read of a stream becomes windows to analyse."""

from dataclasses import dataclass

from tldr_video_analysis.application.ports import Work
from tldr_video_analysis.domain.streams.analysed_stream import AnalysedStream, WindowLengths
from tldr_video_analysis.domain.streams.releasing import never_came
from tldr_video_analysis.domain.streams.window_analysis import WindowAnalysis


@dataclass(frozen=True, slots=True)
class PlanWindows:
    """Make the windows that can be analysed now and ask for their analyses."""

    work: Work
    lengths: WindowLengths

    async def __call__(self, stream: AnalysedStream) -> AnalysedStream:
        """The taken stream with its new plan, not written. Nothing is asked for where nothing can come."""
        planned, windows = stream.plan(self.lengths)
        for window in filter(planned.left_out, windows):
            known = await self.work.gaps.within(stream.id, window.start_ms, window.end_ms)
            nothing = WindowAnalysis(window, gaps=never_came(planned, window, (), known))
            await self.work.windows.put(stream.id, nothing)
        asked = [window for window in windows if not planned.left_out(window)]
        if asked:
            await self.work.windows.add(stream.id, asked)
            await self.work.queue.ask(planned, asked)
        return planned

    async def resume(self, before: AnalysedStream, now: AnalysedStream) -> AnalysedStream:
        """Plan, and when the stream goes on after a pause ask again for what was taken back with it."""
        if now.works and not before.works:
            await self.work.queue.ask(now, await self.work.windows.waiting(now.id))
        return await self(now)
