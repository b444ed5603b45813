"""A run fails: what was only provisional is taken back, and the failure is told."""

from dataclasses import dataclass, replace

from tldr_contracts.ids import RunId, StreamId
from tldr_fusion_detector.application.moments.found_highlight import FoundState
from tldr_fusion_detector.application.moments.run_record import RunRecord, RunState
from tldr_fusion_detector.application.ports import Announcements, FoundHighlights, Runs, Streams
from tldr_streams.values import Failure


@dataclass(frozen=True, slots=True)
class FailRun:
    """End a run badly, once; final highlights stand."""

    streams: Streams
    runs: Runs
    found: FoundHighlights
    announcements: Announcements

    async def __call__(self, stream: StreamId, failure: Failure, *, run: RunId | None = None) -> None:
        """Fail the run that the stream is at, or `run`, where the stream waits for it still."""
        record = await self.streams.lock(stream)
        wanted = run or record.run
        current = await self.runs.get(wanted) if wanted else None
        if current is not None and current.awaited(record):
            await self._end(current, failure)

    async def abandon(self, run: RunId | None, failure: Failure) -> None:
        """End a run that nobody waits for any longer, if it is open; the caller holds its stream."""
        current = await self.runs.get(run) if run else None
        if current is not None and current.state is RunState.OPEN:
            await self._end(current, failure)

    async def _end(self, current: RunRecord, failure: Failure) -> None:
        known = await self.found.of_run(current.id)
        retracted = [
            highlight.revised(FoundState.RETRACTED, highlight.highlight)
            for highlight in known
            if highlight.state is FoundState.PROVISIONAL
        ]
        failed = replace(current, state=RunState.FAILED, failure=failure)
        await self.found.put(failed, retracted)
        await self.runs.put(failed)
        await self.announcements.revised(failed, retracted)
        await self.announcements.failed(failed)
