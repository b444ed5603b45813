"""What is there of the streams that a scorer is to be learned from, and what is left out."""

from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tldr_contracts.ids import StreamId
from tldr_fusion_detector.application.learning.training_progress import GATHERING
from tldr_fusion_detector.application.scoring.scorer_record import MOST_SECONDS, MOST_STREAMS, Labels, LeftOut, Moment
from tldr_fusion_detector.application.signals.view_stream import Reading, view_stream
from tldr_fusion_detector.domain.learning.training import LabelledStream, Progress
from tldr_fusion_detector.domain.moments.boundaries import Interval
from tldr_fusion_detector.domain.profile.profile import Profile
from tldr_fusion_detector.domain.profile.profile_document import read_profile
from tldr_fusion_detector.domain.signals.packed_timeline import packed
from tldr_fusion_detector.domain.signals.timeline import Timeline
from tldr_streams.state import StreamState
from tldr_streams.transactions import Transact


@dataclass(frozen=True, slots=True)
class Gathered:
    """`profile`: that of the newest stream, which is to be beaten and whose lengths apply; None where there is no stream."""

    streams: deque[LabelledStream]
    profile: Profile | None
    left_out: Mapping[LeftOut, int]

    def given_away(self) -> Iterator[LabelledStream]:
        """Each stream once; whoever takes it alone has it in memory."""
        while self.streams:
            yield self.streams.popleft()


async def gather(labels: Labels, look: Transact[Reading], progress: Progress) -> Gathered:
    """Read the streams one by one in transactions of their own, newest first, until it is enough."""
    streams = deque[LabelledStream]()
    profile, left_s = None, MOST_SECONDS
    newest = sorted(labels.streams, reverse=True)  # ids of streams grow
    left_out = Counter({LeftOut.TOO_MUCH: len(newest[MOST_STREAMS:])})
    for index, name in enumerate(newest[:MOST_STREAMS]):
        progress(GATHERING, index / len(newest))
        async with look() as work:
            found = await _read(work, name, left_s)
        if isinstance(found, LeftOut):
            left_out[found] += 1
            continue
        timeline, document = found
        left_s -= timeline.length_s
        moments = merged_moments(labels.moments, name, 1000 * timeline.length_s)
        streams.append(LabelledStream(name, packed(timeline), timeline.length_s, moments))
        profile = profile or _usual(read_profile(document))
    return Gathered(streams, profile, +left_out)


async def _read(work: Reading, name: StreamId, most_s: int) -> tuple[Timeline, Mapping[str, Any]] | LeftOut:
    view = await view_stream(work, name)
    request = view.record.request
    if view.record.state is not StreamState.COMPLETED or request is None:
        return LeftOut.NOT_COMPLETED
    if view.length_s > most_s:
        return LeftOut.TOO_MUCH
    timeline = await view.timeline(work.signals) if view.length_s else None
    if timeline is None or timeline.silent:
        return LeftOut.NO_SIGNALS
    return timeline, request.profile


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
