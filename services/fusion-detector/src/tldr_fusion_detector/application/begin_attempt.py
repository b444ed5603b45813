"""A message of some attempt of a stream came: which attempt is it now, and under which run?"""

from dataclasses import dataclass, replace

from tldr_contracts.ids import RunId, StreamId, new_id
from tldr_fusion_detector.application.learning.feedback_ports import Recalibrations
from tldr_fusion_detector.application.moments.fail_run import FailRun
from tldr_fusion_detector.application.moments.run_record import RunRecord, RunState
from tldr_fusion_detector.application.ports import Runs, Streams
from tldr_fusion_detector.application.scoring.scorer_ports import PinnedScorers
from tldr_fusion_detector.application.stream_record import StreamRecord
from tldr_streams.values import Failure

TRIED_AGAIN = Failure("tried_again", "The stream was tried again, which began another run.")


@dataclass(frozen=True, slots=True)
class BeginAttempt:
    """Begin an attempt with whatever message of it comes first; topics have no order among them."""

    streams: Streams
    runs: Runs
    recalibrations: Recalibrations
    scorers: PinnedScorers
    fail: FailRun

    async def __call__(self, stream: StreamId, attempt: int) -> StreamRecord | None:
        """The stream in this attempt, not stored; None where the stream was dropped or the attempt is past."""
        record = await self.streams.get(stream)
        if record.dropped or attempt < record.attempt:
            return None
        return await self.go_on(record, record.at_attempt(attempt))

    async def go_on(self, before: StreamRecord, now: StreamRecord) -> StreamRecord:
        """The stream as it is now, with its run; that of an attempt before ends."""
        if now.run != before.run:
            await self.fail.abandon(before.run, TRIED_AGAIN)
        elif now.attempt != before.attempt:
            await self._continue(now)
        return await self._with_run(now)

    async def _continue(self, record: StreamRecord) -> None:
        """The run of a live stream goes on, also where an attempt before had ended it badly."""
        run = await self.runs.get(record.run) if record.run else None
        if run is not None and run.state is not RunState.COMPLETED:
            await self.runs.put(replace(run, attempt=record.attempt, state=RunState.OPEN, failure=None))

    async def _with_run(self, record: StreamRecord) -> StreamRecord:
        """The same with a run, as soon as it is known what to detect by and while the stream is worked on."""
        if record.run is not None or record.request is None or not record.active:
            return record
        run = RunId(new_id("run"))
        asked, scorer = record.request, await self.scorers.active()
        fresh = RunRecord(run, record.id, record.attempt, asked.mode, asked.profile, scorer=scorer)
        await self.runs.put(fresh.recalibrated(await self.recalibrations.in_force()))
        return replace(record, run=run)
