"""Detect on what is known of a stream by now, where there is more of it than its run has seen."""

from dataclasses import dataclass, replace

from tldr_contracts.ids import StreamId
from tldr_fusion_detector.application.moments.advance_live import AdvanceLive, LiveTask
from tldr_fusion_detector.application.moments.detect_run import DetectRun, Impossible, Task
from tldr_fusion_detector.application.moments.run_record import RunRecord, RunState
from tldr_fusion_detector.application.moments.work import Work
from tldr_fusion_detector.application.signals.coverage import unopened
from tldr_fusion_detector.application.signals.view_stream import StreamView, view_stream
from tldr_fusion_detector.application.stream_record import StreamRecord
from tldr_fusion_detector.domain.signals.baseline import Mode
from tldr_streams.transactions import Transactions


@dataclass(frozen=True, slots=True)
class AdvanceStream:
    """Read a stream, and carry its run on. A recording is looked at as a whole, a live stream where it has not settled."""

    detect: DetectRun
    live: AdvanceLive

    async def __call__(self, stream: StreamId, transactions: Transactions[Work]) -> None:
        """Advance it once."""
        async with transactions.look() as work:
            task = await self._prepare(work, stream)
        if isinstance(task, LiveTask):
            await self.live(task, transactions.finish)
        elif task is not None:
            await self.detect(stream, task, transactions.finish)

    async def _prepare(self, work: Work, stream: StreamId) -> Task | LiveTask | Impossible | None:
        """What there is to be done; None where it is too early, too late or done."""
        record = await work.streams.get(stream)
        run = await work.runs.get(record.run) if record.workable and record.run else None
        if run is None or run.state is not RunState.OPEN:
            return None
        if failure := unopened(record):
            return Impossible(run.id, failure)
        if run.mode is Mode.LIVE:
            return await self.live.prepare(work, record, await _taught(work, run, record))
        view = await view_stream(work, stream)
        covered = view.coverage
        if covered is None or not (covered.ended or _has_moved(view, run)):
            return None
        timeline = await view.timeline(work.signals)
        return Task(await _taught(work, run, record), view, covered, timeline, await work.scorers.read(run.scorer))


async def _taught(work: Work, run: RunRecord, record: StreamRecord) -> RunRecord:
    """The run with its channel's vocabulary: taken at its first advance, so that what others learn meanwhile moves nothing."""
    request = record.request
    if run.watermark_ms or request is None or not request.channel:
        return run
    kept = await work.vocabularies.of(request.channel)
    return replace(run, vocabulary=kept.learned if kept else None)


def _has_moved(view: StreamView, run: RunRecord) -> bool:
    return view.length_s > run.watermark_ms // 1000
