"""A run fails: what was only provisional is taken back, and the failure is told."""

from dataclasses import dataclass, replace

from tldr_contracts.ids import RunId, StreamId
from tldr_fusion_detector.application.found_highlight import FoundState
from tldr_fusion_detector.application.ports import Announcements, FoundHighlights, Runs, Streams
from tldr_fusion_detector.application.run_record import RunStanding
from tldr_fusion_detector.application.stream_record import Failure


@dataclass(frozen=True, slots=True)
class FailRun:
    """End the stream's run badly, once; final highlights stand."""

    streams: Streams
    runs: Runs
    found: FoundHighlights
    announcements: Announcements

    async def __call__(self, stream: StreamId, failure: Failure, *, run: RunId | None = None) -> None:
        """Fail the run that the stream is at, or only `run`, where the stream is at it still."""
        record = await self.streams.hold(stream)
        if not record.workable or record.run is None or run not in (None, record.run):
            return
        current = await self.runs.get(record.run)
        if current is None or current.standing is not RunStanding.OPEN:
            return
        known = await self.found.of_run(current.id)
        retracted = [
            highlight.revised(FoundState.RETRACTED, highlight.highlight)
            for highlight in known
            if highlight.state is FoundState.PROVISIONAL
        ]
        failed = replace(current, standing=RunStanding.FAILED, failure=failure)
        await self.found.put(failed, retracted)
        await self.runs.put(failed)
        await self.announcements.revised(failed, retracted)
        await self.announcements.failed(failed)
