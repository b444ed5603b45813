"""A scorer from what an organization said that people keep of its streams."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from tldr_contracts.ids import ScorerId, StreamId
from tldr_fusion_detector.application.advance_stream import is_silent
from tldr_fusion_detector.application.scorer_ports import KeptMoments, Scorers, Training
from tldr_fusion_detector.application.scorer_record import (
    MOST_MOMENTS,
    MOST_SECONDS,
    MOST_STREAMS,
    Labels,
    Moment,
    ScorerState,
)
from tldr_fusion_detector.application.stream_record import Failure, Standing
from tldr_fusion_detector.application.view_stream import Reading, view_stream
from tldr_fusion_detector.domain.boundaries import Interval
from tldr_fusion_detector.domain.profile import Profile
from tldr_fusion_detector.domain.profile_document import read_profile
from tldr_fusion_detector.domain.training import LabelledStream, TooLittleData, WorseThanDefault

NOTHING_TO_LEARN_FROM = Failure(
    "too_little_data",
    "There is no completed stream with kept signals among those to learn from. Accept highlights of later streams, or name "
    "streams and moments.",
)


class TrainingWork(Reading, Protocol):
    """The repositories of one transaction."""

    @property
    def scorers(self) -> Scorers:
        """The organization's scorers."""

    @property
    def verdicts(self) -> KeptMoments:
        """What its verdicts say."""


Open = Callable[[], AbstractAsyncContextManager[TrainingWork]]


@dataclass(frozen=True, slots=True)
class TrainScorer:
    """Read the streams one by one, newest first and 500 h at the most; learn with no transaction open."""

    training: Training
    now: Callable[[], datetime]

    async def __call__(self, scorer: ScorerId, labels: Labels | None, *, look: Open, finish: Open) -> None:
        """`look` opens a transaction to read in, `finish` one that also ends the job."""
        kept = labels or await _from_verdicts(look)
        streams, profile = await _gather(kept, look)
        created = self.now().isoformat(timespec="seconds")
        try:
            made = await self.training(streams, profile, created=created) if profile else NOTHING_TO_LEARN_FROM
        except TooLittleData as error:
            made = Failure("too_little_data", str(error))
        except WorseThanDefault as error:
            made = Failure("worse_than_default", str(error))
        async with finish() as work:
            if isinstance(made, Failure):
                await work.scorers.end(scorer, ScorerState.REFUSED, made)
            else:
                await work.scorers.keep(scorer, *made)


async def _from_verdicts(look: Open) -> Labels:
    async with look() as work:
        moments = await work.verdicts.kept_moments(MOST_MOMENTS)
    return Labels(tuple({moment.stream for moment in moments}), tuple(moments))


async def _gather(labels: Labels, look: Open) -> tuple[list[LabelledStream], Profile | None]:
    """What is there of the streams, and the profile of the newest: what to be better than, and whose lengths apply."""
    streams: list[LabelledStream] = []
    profile, left_s = None, MOST_SECONDS
    for name in sorted(labels.streams, reverse=True)[:MOST_STREAMS]:  # ids of streams grow
        async with look() as work:
            view = await view_stream(work, name)
            request = view.record.request
            known = view.record.standing is Standing.COMPLETED and request is not None and 0 < view.length_s <= left_s
            timeline = await view.timeline(work.signals) if known else None
        if request is None or timeline is None or is_silent(timeline):
            continue
        left_s -= timeline.length_s
        moments = merged_moments(labels.moments, name, 1000 * timeline.length_s)
        streams.append(LabelledStream(name, timeline, timeline.length_s, moments))
        profile = profile or _usual(read_profile(request.profile))
    return streams, profile


def merged_moments(moments: Sequence[Moment], stream: StreamId, end_ms: int) -> tuple[Interval, ...]:
    """Those of one stream in order of time; what overlaps is one, since several runs may have found the same moment."""
    ranges = sorted((one.start_ms, min(one.end_ms, end_ms)) for one in moments if one.stream == stream)
    merged: list[Interval] = []
    for start, end in ranges:
        if merged and start < merged[-1].end_ms:
            merged[-1] = Interval(merged[-1].start_ms, max(merged[-1].end_ms, end))
        elif start < end:
            merged.append(Interval(start, end))
    return tuple(merged)


def _usual(profile: Profile) -> Profile:
    """Without the lag that was given for one stream alone."""
    return replace(profile, processing=replace(profile.processing, chat_lag_ms=None))
