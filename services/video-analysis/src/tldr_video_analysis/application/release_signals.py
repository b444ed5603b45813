"""Signals are announced in order of time, however the analyses ended."""

from collections.abc import Sequence
from dataclasses import dataclass

from tldr_video_analysis.application.ports import Work
from tldr_video_analysis.domain.streams.analysed_stream import AnalysedStream
from tldr_video_analysis.domain.streams.gap import MEDIA
from tldr_video_analysis.domain.streams.releasing import Outcome, end, release, steps


@dataclass(frozen=True, slots=True)
class ReleaseSignals:
    """Announce every window that follows on what was announced, and the end when nothing is left."""

    work: Work

    async def __call__(self, stream: AnalysedStream) -> None:
        """Write the taken stream as it is after that."""
        outcomes: list[Outcome] = []
        if stream.active:
            stream = await self._windows(stream, outcomes)
        if stream.ends:
            known = await self.work.gaps.within(stream.id, stream.complete_until_ms, stream.duration_ms)
            stream, said = end(stream, await self.work.gaps.to_tell(stream.id, None), known)
            outcomes += said
        if outcomes:
            await self.work.announcements.publish(stream.id, outcomes)
        await self.work.streams.put(stream)

    async def _windows(self, stream: AnalysedStream, outcomes: list[Outcome]) -> AnalysedStream:
        """Ten minutes at a time, so that no message is large: 19 kB of series and at most 100 kB of cuts and pauses."""
        while True:
            ready = await self.work.windows.ready(stream.id, {stream.video_until_s, stream.audio_until_s})
            step = steps(stream, ready)
            if step is None:
                late = await self.work.gaps.to_tell(stream.id, max(map(stream.complete_ms, MEDIA)))
                return self._said(release(stream, (), late), outcomes)
            modalities, found = step
            told = await self.work.gaps.to_tell(stream.id, found[-1].window.end_ms)
            stream = self._said(release(stream, found, told, modalities), outcomes)

    def _said(self, step: tuple[AnalysedStream, Sequence[Outcome]], outcomes: list[Outcome]) -> AnalysedStream:
        stream, said = step
        outcomes += said
        return stream
