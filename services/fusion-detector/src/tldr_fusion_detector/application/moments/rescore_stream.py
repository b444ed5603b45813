"""A finished stream under another profile: from the signals that are kept, without decoding and without a model."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from tldr_contracts.ids import RunId, StreamId
from tldr_fusion_detector.application.learning.feedback_ports import Recalibrations
from tldr_fusion_detector.application.moments.detect_run import DetectRun, Impossible, Task
from tldr_fusion_detector.application.moments.fail_run import FailRun
from tldr_fusion_detector.application.moments.run_record import RunRecord
from tldr_fusion_detector.application.moments.work import Work
from tldr_fusion_detector.application.ports import Runs, Streams, Wakeups
from tldr_fusion_detector.application.scoring.scorer_ports import PinnedScorers
from tldr_fusion_detector.application.signals.view_stream import view_stream
from tldr_fusion_detector.application.stream_record import StreamRecord
from tldr_fusion_detector.domain.signals.baseline import Mode
from tldr_streams.transactions import Transactions
from tldr_streams.values import Failure

SIGNALS_GONE = Failure(
    "signals_gone", "The stream's signals are not kept any longer. Submit the recording again to detect on it anew."
)


@dataclass(frozen=True, slots=True)
class RequestRescore:
    """Write a further run down and ask for it to be made. A request that comes again changes nothing."""

    streams: Streams
    runs: Runs
    wakeups: Wakeups
    fail: FailRun
    recalibrations: Recalibrations
    scorers: PinnedScorers

    async def __call__(self, stream: StreamId, run: RunId, profile: Mapping[str, Any]) -> None:
        """The run begins where the stream's own run ended, with the lag it found, on the signals it saw; by the scorer that is
        active now.
        """
        # A stream that was forgotten already gets a row again, by which the sweep finds this run.
        record = await self.streams.ensure(stream)
        if record.dropped or await self.runs.get(run) is not None:
            return
        first = await self.runs.get(record.run) if record.run else None
        fresh = await further_run(record, first, run, profile, self.recalibrations, self.scorers)
        await self.runs.put(fresh)
        await self.wakeups.rescore(record, run)

    async def unreadable(self, stream: StreamId, run: RunId, failure: Failure) -> None:
        """The request cannot be kept: its run fails, since nobody else would end it."""
        await self(stream, run, {})
        await self.fail(stream, failure, run=run)


async def further_run(
    record: StreamRecord,
    first: RunRecord | None,
    run: RunId,
    profile: Mapping[str, Any],
    recalibrations: Recalibrations,
    scorers: PinnedScorers,
) -> RunRecord:
    """A run over a finished stream's signals, with all that it is made with; `first` is the one that finished it."""
    plain = RunRecord(run, record.id, record.attempt, Mode.RECORDED, profile, rescore=True)
    fresh = replace(first.rescored(run, profile) if first else plain, scorer=await scorers.active())
    # Scored in the same way, confidence is what it was in the first run, whatever was learned since.
    if first is None or fresh.scored_by != first.scored_by:
        fresh = fresh.recalibrated(await recalibrations.in_force())
    return fresh


@dataclass(frozen=True, slots=True)
class RescoreStream:
    """Read all signals, then carry the run out as that of a stream that has ended."""

    detect: DetectRun

    async def __call__(self, stream: StreamId, run: RunId, transactions: Transactions[Work]) -> None:
        """Make one further run."""
        async with transactions.look() as work:
            task = await _prepare(work, stream, run)
        if task is not None:
            await self.detect(stream, task, transactions.finish)


async def _prepare(work: Work, stream: StreamId, wanted: RunId) -> Task | Impossible | None:
    view = await view_stream(work, stream)
    run = await work.runs.get(wanted)
    if run is None or not run.awaited(view.record):
        return None
    covered = view.coverage
    if covered is None or not covered.ended:
        return Impossible(wanted, SIGNALS_GONE)
    timeline = await view.timeline(work.signals)
    if timeline.silent:
        return Impossible(wanted, SIGNALS_GONE)
    return Task(run, view, covered, timeline, await work.scorers.read(run.scorer))
