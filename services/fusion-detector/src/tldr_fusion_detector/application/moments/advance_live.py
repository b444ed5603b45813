"""Carry the run of a live stream on: only what has not settled is read and computed, then what changed is told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from tldr_contracts.ids import HighlightId, new_id
from tldr_fusion_detector.application.moments.detect_run import SCORER_GONE, Impossible
from tldr_fusion_detector.application.moments.found_highlight import after, revise_live
from tldr_fusion_detector.application.moments.live_ports import LiveDetecting
from tldr_fusion_detector.application.moments.run_evidence import evidence_of
from tldr_fusion_detector.application.moments.run_record import RunRecord, RunState
from tldr_fusion_detector.application.moments.work import Work
from tldr_fusion_detector.application.signals.coverage import (
    SECOND_MS,
    Coverage,
    ModalityState,
    coverage,
    first_failure,
)
from tldr_fusion_detector.application.signals.deadlines import Deadlines, Front, front, silent_until_ms
from tldr_fusion_detector.application.signals.reported_gap import signals_silent
from tldr_fusion_detector.application.signals.view_stream import LONGEST_S, StreamView, masking, view_stream
from tldr_fusion_detector.application.stream_record import StreamRecord
from tldr_fusion_detector.domain.learning.feedback import Recalibration
from tldr_fusion_detector.domain.moments.detection import Highlight
from tldr_fusion_detector.domain.moments.lifecycle import Classified, State
from tldr_fusion_detector.domain.moments.live_detection import LiveDetection, reads_from_s
from tldr_fusion_detector.domain.moments.live_state import LiveState
from tldr_fusion_detector.domain.profile.profile import InvalidProfile
from tldr_fusion_detector.domain.profile.profile_document import read_profile
from tldr_fusion_detector.domain.scoring.live_reading import ScoredBy
from tldr_fusion_detector.domain.signals.signals import Modality
from tldr_fusion_detector.domain.signals.timeline import Timeline
from tldr_fusion_detector.domain.signals.vocabulary import read_vocabulary
from tldr_streams.transactions import Transact
from tldr_streams.values import Failure


@dataclass(frozen=True, slots=True)
class LiveTask:
    """What one look works on. `whole`: the stream with all its gaps, once it has ended."""

    run: RunRecord
    record: StreamRecord
    coverage: Coverage
    front: Front
    by: ScoredBy
    state: LiveState
    until_s: int
    part: Timeline
    whole: tuple[StreamView, Timeline] | None

    @property
    def front_s(self) -> int:
        """The first second of which nothing is looked at."""
        return self.part.end_s

    @property
    def teaches(self) -> str:
        """The channel that learns from this run now, empty for none."""
        return self.record.request.channel if self.record.request and self.whole else ""


@dataclass(frozen=True, slots=True)
class AdvanceLive:
    """One look at a live stream. What it costs does not depend on how long the stream has been running, but at its end."""

    detector: LiveDetecting
    deadlines: Deadlines

    async def prepare(self, work: Work, record: StreamRecord, run: RunRecord) -> LiveTask | Impossible | None:
        """Close the seconds that are complete, and read what is needed of the stream."""
        states = await self._without_silence(work, record, dict(await work.coverages.of(record.id)))
        covered = coverage(record, states)
        if covered is None:
            return None
        ahead = front(record, covered, states, self.deadlines)
        until_s = _seconds(covered.watermark_ms, ended=covered.ended)
        if not covered.ended:  # of an attempt before, a modality that had ended may have let it go further
            until_s = max(until_s, run.watermark_ms // 1000)
        front_s = max(until_s, min(ahead.until_ms // 1000, LONGEST_S))
        seen = await work.live.progress(run.id)
        if not covered.ended and until_s <= run.watermark_ms // 1000 and front_s <= seen.front_ms // 1000:
            await _wake(work, record, ahead)
            return None
        await work.live.close(run, until_s)
        by = await _scored_by(work, run, chat=Modality.CHAT in covered.declared)
        if isinstance(by, Impossible):
            return by
        state = await work.live.state(run.id)
        start_s = reads_from_s(by, state, until_s, ended=covered.ended)
        if covered.ended:
            view = await view_stream(work, record.id)
            timeline = await view.timeline(work.signals)
            if timeline.silent:
                return Impossible(run.id, first_failure(covered, states, view.gaps))
            whole = (view, timeline)
            return LiveTask(run, record, covered, ahead, by, state, until_s, timeline.since(start_s), whole)
        masks = masking(await work.gaps.of(record.id, start_s * 1000), covered)
        part = await work.signals.timeline(record.id, front_s - start_s, masks, start_s)
        return LiveTask(run, record, covered, ahead, by, state, until_s, part, None)

    async def __call__(self, task: LiveTask, finish: Transact[Work]) -> None:
        """Detect with no transaction open, then write and tell what changed."""
        whole = task.whole[1] if task.whole and task.teaches else None
        found, learned = await self.detector(
            task.by, task.state, task.part, task.until_s, ended=task.coverage.ended, whole=whole
        )
        async with finish() as work:
            record = await work.streams.lock(task.run.stream)
            if not task.run.awaited(record):
                return
            await _tell(work, task, found)
            if task.whole and task.teaches and learned is not None:
                await work.vocabularies.keep(task.teaches, learned, seconds=task.whole[1].length_s)
            elif task.whole is None:
                await _wake(work, record, task.front)

    async def _without_silence(
        self, work: Work, record: StreamRecord, states: dict[Modality, ModalityState]
    ) -> dict[Modality, ModalityState]:
        """Telemetry that has been silent for too long is a gap, so that it holds up nothing for good."""
        covered = coverage(record, states)
        until_ms = silent_until_ms(record, covered, states, self.deadlines) if covered else None
        if until_ms is None:
            return states
        known = states[Modality.EXTERNAL]
        gaps = signals_silent(known.complete_until_ms, until_ms)
        if not await work.gaps.lengthen(record.id, known.complete_until_ms, gaps):
            # Of the second that was open there is a figure.
            start_ms = known.complete_until_ms + (SECOND_MS if known.complete_until_ms else 0)
            for gap in signals_silent(start_ms, until_ms):
                await work.gaps.add(record.id, replace(gap, masks=False), attempt=record.attempt)
        await work.coverages.skip(record.id, Modality.EXTERNAL, until_ms)
        return {**states, Modality.EXTERNAL: replace(known, complete_until_ms=until_ms)}


async def _scored_by(work: Work, run: RunRecord, *, chat: bool) -> ScoredBy | Impossible:
    scorer = await work.scorers.read(run.scorer)
    if run.scorer is not None and scorer is None:
        return Impossible(run.id, SCORER_GONE)
    try:
        profile = read_profile(run.profile)
    except InvalidProfile as error:
        return Impossible(run.id, Failure("invalid_profile", f"The detection profile cannot be used: {error}."))
    return ScoredBy(profile, chat, None if run.vocabulary is None else read_vocabulary(run.vocabulary), scorer)


async def _tell(work: Work, task: LiveTask, found: LiveDetection) -> None:
    known = await work.found.provisional(task.run.id)
    by = task.run.recalibration
    detected = [*_classified(found.final, State.FINAL, by), *_classified(found.provisional, State.PROVISIONAL, by)]
    changes = revise_live(known, detected, lambda: HighlightId(new_id("hl")), _best_score(task, found))
    seen_ms = task.coverage.watermark_ms
    run = replace(task.run, watermark_ms=seen_ms if task.whole else max(seen_ms, task.run.watermark_ms))
    await work.found.put(run, changes)
    await work.announcements.revised(run, changes)
    if task.whole is None:
        await work.live.put(run, task.state, found, task.front_s)
        # With its vocabulary, which is taken at the first look.
        await (work.runs.moved(run) if task.run.watermark_ms else work.runs.put(run))
        return
    view, timeline = task.whole
    run = replace(run, state=RunState.COMPLETED, duration_ms=task.coverage.duration_ms, lag=found.lag)
    _, before = await work.live.scores(run.id, 0)
    await work.runs.put(run)
    await work.runs.keep_scores(run.id, np.concatenate((before[: task.state.settled_s], found.settled)))
    kept = after(await work.found.of_run(run.id), ())
    await work.evidence.keep(run, evidence_of(timeline, run, kept))
    await work.announcements.completed(run, kept, view.gaps)
    await work.live.forget(run.id)


def _best_score(task: LiveTask, found: LiveDetection) -> Callable[[Highlight], float | None]:
    """Of an interval that has not settled; at the end everything has."""
    scores, from_s = np.concatenate((found.settled, found.tail)), task.state.settled_s

    def best(highlight: Highlight) -> float | None:
        if task.whole is not None or highlight.peak_ms < 1000 * found.state.settled_s:
            return None
        inside = scores[max(highlight.start_ms // 1000 - from_s, 0) : max(-(-highlight.end_ms // 1000) - from_s, 0)]
        known = inside[np.isfinite(inside)]
        return float(known.max()) if len(known) else None

    return best


def _classified(found: Sequence[Highlight], state: State, by: Recalibration | None) -> list[Classified]:
    return [Classified(replace(one, confidence=by(one.confidence)) if by else one, state) for one in found]


async def _wake(work: Work, record: StreamRecord, ahead: Front) -> None:
    """Look again when a deadline passes, where one is still to come."""
    if ahead.look_again_ms is not None:
        await work.wakeups.wake_in(record, timedelta(milliseconds=ahead.look_again_ms))


def _seconds(until_ms: int, *, ended: bool) -> int:
    """Whole seconds that can be looked at; at the end the begun one too."""
    return min(max(until_ms + (999 if ended else 0), 0) // 1000, LONGEST_S)
