"""What others may ask about a stream while it is being detected and after."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field

import numpy as np

from tldr_contracts.ids import RunId, StreamId
from tldr_fusion_detector.application.moments.live_ports import LiveProgress
from tldr_fusion_detector.application.moments.work import Work
from tldr_fusion_detector.application.ports import Detector
from tldr_fusion_detector.application.signals.coverage import ModalityState, coverage, ended
from tldr_fusion_detector.application.signals.push_signals import Dropped
from tldr_fusion_detector.application.signals.reported_gap import ReportedGap
from tldr_fusion_detector.application.signals.view_stream import view_stream
from tldr_fusion_detector.domain.profile.profile import InvalidProfile
from tldr_fusion_detector.domain.profile.profile_document import read_profile
from tldr_fusion_detector.domain.signals.baseline import Mode
from tldr_fusion_detector.domain.signals.signals import Floats, Modality

_NOTHING: Floats = np.empty(0)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a stream is. `duration_ms` is None where nobody claims to know it, an estimate until the end.

    `live`: how far its run is, of one that runs. `dropped`: telemetry that was left out, by reason.
    """

    complete_until_ms: int
    duration_ms: int | None
    modalities: dict[Modality, tuple[ModalityState, bool]]
    live: LiveProgress | None = None
    dropped: Mapping[Dropped, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AnswerQuestions:
    """Progress, gaps and scores. A stream that is not known looks like one of which nothing was seen yet."""

    open: Callable[[str], AbstractAsyncContextManager[Work]]
    detector: Detector

    async def progress(self, organization: str, stream: StreamId) -> Progress:
        """How far it is."""
        async with self.open(organization) as work:
            record, states = await work.streams.get(stream), await work.coverages.of(stream)
            live = await work.live.progress(record.run) if record.live and record.active and record.run else None
            dropped = await work.telemetry.dropped(stream)
        covered = coverage(record, states)
        if covered is None:
            return Progress(0, record.source.claimed_ms or None, {}, live, dropped)
        known = {modality: states.get(modality, ModalityState()) for modality in covered.declared}
        return Progress(
            covered.watermark_ms,
            covered.duration_ms or None,
            {modality: (state, ended(record, modality, known)) for modality, state in known.items()},
            live,
            dropped,
        )

    async def gaps(self, organization: str, stream: StreamId) -> Sequence[ReportedGap]:
        """What is missing so far."""
        async with self.open(organization) as work:
            return (await view_stream(work, stream)).gaps

    async def scores(self, organization: str, stream: StreamId, wanted: RunId | None = None, from_s: int = 0) -> Floats:
        """The fused score of a run, (n,) at 1 Hz from `from_s` on; without `wanted`, of the one the stream was processed in.

        The kept score, of a live run with what is provisional; else one detected anew from what is stored; of a rescore that
        has not ended, nothing.
        """
        async with self.open(organization) as work:
            asked = wanted or (await work.streams.get(stream)).run
            run = await work.runs.get(asked) if asked else None
            if run is None or run.stream != stream:
                return _NOTHING
            kept = await work.runs.scores(run.id)
            if kept is not None:
                return kept[from_s:]
            if run.mode is Mode.LIVE:
                return (await work.live.scores(run.id, from_s))[1]
            view = await view_stream(work, stream)
            if run.rescore or view.length_s == 0:
                return _NOTHING
            timeline, scorer = await view.timeline(work.signals), await work.scorers.read(run.scorer)
        try:
            profile = read_profile(run.profile)
        except InvalidProfile:
            return _NOTHING
        found = await self.detector(timeline, profile, run.mode, vocabulary=run.vocabulary, scorer=scorer)
        return found.scores[from_s:]
