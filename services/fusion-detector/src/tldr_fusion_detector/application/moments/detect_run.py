"""Carry a run out on what is known of its stream, and say what changed."""

from dataclasses import dataclass, replace

from tldr_contracts.ids import HighlightId, RunId, StreamId, new_id
from tldr_fusion_detector.application.moments.found_highlight import after, revise
from tldr_fusion_detector.application.moments.run_evidence import evidence_of
from tldr_fusion_detector.application.moments.run_record import RunRecord, RunState
from tldr_fusion_detector.application.moments.work import Work
from tldr_fusion_detector.application.ports import Detector
from tldr_fusion_detector.application.signals.coverage import Coverage, first_failure
from tldr_fusion_detector.application.signals.view_stream import StreamView
from tldr_fusion_detector.domain.learning.feedback import recalibrated
from tldr_fusion_detector.domain.moments.detection import Detection
from tldr_fusion_detector.domain.moments.lifecycle import classify
from tldr_fusion_detector.domain.profile.profile import InvalidProfile
from tldr_fusion_detector.domain.profile.profile_document import read_profile
from tldr_fusion_detector.domain.scoring.scorer.scorer import Scorer
from tldr_fusion_detector.domain.signals.timeline import Timeline
from tldr_streams.transactions import Transact
from tldr_streams.values import Failure

SCORER_GONE = Failure(
    "scorer_gone", "The scorer of this run is not there as it was. Rescore the stream, or submit the recording again."
)


@dataclass(frozen=True, slots=True)
class Task:
    """What one advance works on: a run, the stream as it was seen, and its signals."""

    run: RunRecord
    view: StreamView
    coverage: Coverage
    timeline: Timeline
    scorer: Scorer | None = None

    @property
    def teaches(self) -> str:
        """The channel that learns from this run now, empty for none: a stream teaches once, at its end."""
        request = self.view.record.request
        return request.channel if request and self.coverage.ended and not self.run.rescore else ""


@dataclass(frozen=True, slots=True)
class Impossible:
    """A run that can come to nothing, and why."""

    run: RunId
    failure: Failure


@dataclass(frozen=True, slots=True)
class DetectRun:
    """Detect and write. No transaction is open while it detects; a run's highlights are found here alone."""

    detector: Detector

    async def __call__(self, stream: StreamId, task: Task | Impossible, finish: Transact[Work]) -> None:
        """`finish` opens a transaction that also ends the job."""
        outcome = task if isinstance(task, Impossible) else await self.detected(task)
        async with finish() as work:
            if isinstance(outcome, Impossible):
                await work.fail(stream, outcome.failure, run=outcome.run)
            else:
                await _conclude(work, *outcome)

    async def detected(self, task: Task) -> tuple[Task, Detection] | Impossible:
        """What is found, and nothing written."""
        if task.coverage.ended and task.timeline.silent:
            return Impossible(task.run.id, first_failure(task.coverage, task.view.states, task.view.gaps))
        try:
            profile = read_profile(task.run.profile)
        except InvalidProfile as error:
            return Impossible(
                task.run.id, Failure("invalid_profile", f"The detection profile cannot be used: {error}.")
            )
        if task.run.scorer is not None and task.scorer is None:
            return Impossible(task.run.id, SCORER_GONE)
        lag = task.run.lag if profile.processing.chat_lag_ms is None else None
        run = task.run
        detection = await self.detector(
            task.timeline,
            profile,
            run.mode,
            lag=lag,
            vocabulary=run.vocabulary,
            teach=bool(task.teaches),
            scorer=task.scorer,
        )
        return task, detection


async def _conclude(work: Work, task: Task, detection: Detection) -> None:
    """Write down and tell what changed, unless the stream went another way meanwhile."""
    record = await work.streams.lock(task.run.stream)
    if not task.run.awaited(record):
        return
    covered = task.coverage
    known = await work.found.of_run(task.run.id)
    published = recalibrated(detection, task.run.recalibration)
    classified = classify(published, covered.watermark_ms, task.run.mode, ended=covered.ended)
    changes = revise(known, classified, lambda: HighlightId(new_id("hl")))
    run = replace(task.run, watermark_ms=covered.watermark_ms)
    if covered.ended:
        run = replace(run, state=RunState.COMPLETED, duration_ms=covered.duration_ms, lag=detection.lag)
        await work.runs.keep_scores(run.id, detection.scores)
    await work.found.put(run, changes)
    await work.runs.put(run)
    await work.announcements.revised(run, changes)
    if covered.ended:
        kept = after(known, changes)
        await work.evidence.keep(run, evidence_of(task.timeline, run, kept))
        await work.announcements.completed(run, kept, task.view.gaps)
        if task.teaches and detection.learned is not None:
            await work.vocabularies.keep(task.teaches, detection.learned, seconds=task.timeline.length_s)
