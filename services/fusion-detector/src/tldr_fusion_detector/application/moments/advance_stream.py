"""Detect on what is known of a stream by now, and say what changed."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from tldr_contracts.ids import HighlightId, RunId, StreamId, new_id
from tldr_fusion_detector.application.moments.fail_run import FailRun
from tldr_fusion_detector.application.moments.found_highlight import after, revise
from tldr_fusion_detector.application.moments.run_evidence import evidence_of
from tldr_fusion_detector.application.moments.run_record import RunRecord, RunStanding
from tldr_fusion_detector.application.ports import (
    Announcements,
    Detector,
    EvidenceLog,
    FoundHighlights,
    Runs,
    Vocabularies,
)
from tldr_fusion_detector.application.scoring.scorer_ports import PinnedScorers
from tldr_fusion_detector.application.signals.coverage import Coverage, first_failure, unopened
from tldr_fusion_detector.application.signals.view_stream import Reading, StreamView, view_stream
from tldr_fusion_detector.application.stream_record import Failure
from tldr_fusion_detector.domain.learning.feedback import recalibrated
from tldr_fusion_detector.domain.moments.detection import Detection
from tldr_fusion_detector.domain.moments.lifecycle import classify
from tldr_fusion_detector.domain.profile.profile import InvalidProfile
from tldr_fusion_detector.domain.profile.profile_document import read_profile
from tldr_fusion_detector.domain.scoring.scorer.scorer import Scorer
from tldr_fusion_detector.domain.signals.timeline import Timeline


class Work(Reading, Protocol):
    """The repositories of one transaction."""

    @property
    def runs(self) -> Runs:
        """The organization's runs."""

    @property
    def found(self) -> FoundHighlights:
        """Their highlights."""

    @property
    def evidence(self) -> EvidenceLog:
        """What they were made from."""

    @property
    def vocabularies(self) -> Vocabularies:
        """What their channels taught."""

    @property
    def scorers(self) -> PinnedScorers:
        """What the organization trained."""

    @property
    def announcements(self) -> Announcements:
        """What others are told."""

    @property
    def fail(self) -> FailRun:
        """Ends runs badly."""


SCORER_GONE = Failure(
    "scorer_gone", "The scorer of this run is not there as it was. Rescore the stream, or submit the recording again."
)

Open = Callable[[], AbstractAsyncContextManager[Work]]


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
class Hopeless:
    """A run that can come to nothing, and why."""

    run: RunId
    failure: Failure


@dataclass(frozen=True, slots=True)
class AdvanceStream:
    """Read, detect, write. No transaction is open while it detects; the run's highlights change here alone."""

    detector: Detector

    async def __call__(self, stream: StreamId, *, look: Open, finish: Open) -> None:
        """`look` opens a transaction to read in, `finish` one that also ends the job."""
        async with look() as work:
            task = await _prepare(work, stream)
        if task is not None:
            await self.carry_out(stream, task, finish)

    async def carry_out(self, stream: StreamId, task: Task | Hopeless, finish: Open) -> None:
        """What follows once it is known what there is to be done, for any run of a stream."""
        outcome = task if isinstance(task, Hopeless) else await self._detect(task)
        async with finish() as work:
            if isinstance(outcome, Hopeless):
                await work.fail(stream, outcome.failure, run=outcome.run)
            else:
                await _conclude(work, *outcome)

    async def _detect(self, task: Task) -> tuple[Task, Detection] | Hopeless:
        if task.coverage.ended and is_silent(task.timeline):
            return Hopeless(task.run.id, first_failure(task.coverage, task.view.states, task.view.gaps))
        try:
            profile = read_profile(task.run.profile)
        except InvalidProfile as error:
            return Hopeless(task.run.id, Failure("invalid_profile", f"The detection profile cannot be used: {error}."))
        if task.run.scorer is not None and task.scorer is None:
            return Hopeless(task.run.id, SCORER_GONE)
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
    record = await work.streams.hold(task.run.stream)
    if not task.run.awaited(record):
        return
    covered = task.coverage
    known = await work.found.of_run(task.run.id)
    published = recalibrated(detection, task.run.recalibration)
    classified = classify(published, covered.watermark_ms, task.run.mode, ended=covered.ended)
    changes = revise(known, classified, lambda: HighlightId(new_id("hl")))
    run = replace(task.run, watermark_ms=covered.watermark_ms)
    if covered.ended:
        run = replace(run, standing=RunStanding.COMPLETED, duration_ms=covered.duration_ms, lag=detection.lag)
        await work.runs.keep_scores(run.id, detection.scores)
    await work.found.put(run, changes)
    await work.runs.put(run)
    await work.announcements.revised(run, changes)
    if covered.ended:
        standing = after(known, changes)
        await work.evidence.keep(run, evidence_of(task.timeline, run, standing))
        await work.announcements.completed(run, standing, task.view.gaps)
        if task.teaches and detection.learned is not None:
            await work.vocabularies.keep(task.teaches, detection.learned, seconds=task.timeline.length_s)


async def _prepare(work: Work, stream: StreamId) -> Task | Hopeless | None:
    """What there is to be done; None where it is too early, too late or done."""
    view = await view_stream(work, stream)
    record = view.record
    run = await work.runs.get(record.run) if record.workable and record.run else None
    if run is None or run.standing is not RunStanding.OPEN:
        return None
    if failure := unopened(record):
        return Hopeless(run.id, failure)
    covered = view.coverage
    if covered is None or not (covered.ended or _has_moved(view, run)):
        return None
    timeline = await view.timeline(work.signals)
    return Task(await _taught(work, run, view), view, covered, timeline, await work.scorers.read(run.scorer))


async def _taught(work: Work, run: RunRecord, view: StreamView) -> RunRecord:
    """The run with its channel's vocabulary: taken at its first advance, so that what others learn meanwhile moves nothing."""
    request = view.record.request
    if run.watermark_ms or request is None or not request.channel:
        return run
    kept = await work.vocabularies.of(request.channel)
    return replace(run, vocabulary=kept.learned if kept else None)


def _has_moved(view: StreamView, run: RunRecord) -> bool:
    return view.length_s > run.watermark_ms // 1000


def is_silent(timeline: Timeline) -> bool:
    """Whether nothing was measured at all, but in what is known to be missing."""
    return not any(
        np.isfinite(values).any() for name in timeline.series if (values := timeline.values(name)) is not None
    )
