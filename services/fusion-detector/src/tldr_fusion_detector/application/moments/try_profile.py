"""What a rescore under another profile would find. Nothing is written."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

from tldr_contracts.ids import RunId, StreamId, new_id
from tldr_fusion_detector.application.errors import DryRunImpossible, TooManyDryRuns
from tldr_fusion_detector.application.learning.feedback_ports import Recalibrations
from tldr_fusion_detector.application.moments.detect_run import DetectRun, Impossible, Task
from tldr_fusion_detector.application.moments.found_highlight import FoundState
from tldr_fusion_detector.application.moments.rescore_stream import SIGNALS_GONE, further_run
from tldr_fusion_detector.application.moments.run_record import RunState
from tldr_fusion_detector.application.moments.work import Work
from tldr_fusion_detector.application.signals.view_stream import view_stream
from tldr_fusion_detector.domain.learning.feedback import recalibrated
from tldr_fusion_detector.domain.moments.comparison import Comparison, compare
from tldr_fusion_detector.domain.moments.detection import Highlight

AT_ONCE = 2
"""Somebody waits for each, beside streams at work."""


class TryingWork(Work, Protocol):
    """What is read of a stream, and what a new run would be made with."""

    @property
    def recalibrations(self) -> Recalibrations:
        """What was learned of each dimension set."""


@dataclass(frozen=True, slots=True)
class TryProfile:
    """Read, then detect with no transaction open, on what a rescore would see and with what it would be made."""

    open: Callable[[str], AbstractAsyncContextManager[TryingWork]]
    detect: DetectRun
    room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def __call__(
        self, organization: str, stream: StreamId, profile: Mapping[str, Any], against: RunId | None = None
    ) -> Comparison:
        """Compared with a completed run of the stream, or with the one that finished it. TooManyDryRuns, DryRunImpossible."""
        if self.room.locked():
            raise TooManyDryRuns(AT_ONCE)
        async with self.room:
            async with self.open(organization) as work:
                known, task = await _prepare(work, stream, profile, against)
            outcome = await self.detect.detected(task)
        if isinstance(outcome, Impossible):
            raise DryRunImpossible(outcome.failure)
        return compare(known, recalibrated(outcome[1], task.run.recalibration).highlights)


async def _prepare(
    work: TryingWork, stream: StreamId, profile: Mapping[str, Any], against: RunId | None
) -> tuple[dict[str, Highlight], Task]:
    view = await view_stream(work, stream)
    record, covered = view.record, view.coverage
    first = await work.runs.get(record.run) if record.run else None
    wanted = await work.runs.get(against) if against else first
    if record.dropped or first is None or covered is None or not covered.ended:
        raise DryRunImpossible(SIGNALS_GONE)
    if wanted is None or wanted.stream != stream or wanted.state is not RunState.COMPLETED:
        raise DryRunImpossible(SIGNALS_GONE)
    run = await further_run(record, first, RunId(new_id("run")), profile, work.recalibrations, work.scorers)
    timeline = await view.timeline(work.signals)
    if timeline.silent:
        raise DryRunImpossible(SIGNALS_GONE)
    found = await work.found.of_run(wanted.id)
    known = {str(one.id): one.highlight for one in found if one.state is not FoundState.RETRACTED}
    return known, Task(run, view, covered, timeline, await work.scorers.read(run.scorer))
