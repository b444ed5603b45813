"""Where a highlight begins and ends: around its peak, at cuts and pauses where there are any near."""

from bisect import bisect_left
from dataclasses import dataclass

import numpy as np

from tldr_fusion_detector.domain.signals.signals import Floats
from tldr_fusion_detector.domain.signals.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Interval:
    """A half-open range of stream time."""

    start_ms: int
    end_ms: int

    @property
    def length_ms(self) -> int:
        return self.end_ms - self.start_ms


def grow(score: Floats, at: int, shortest_s: int, longest_s: int, edge_share: float) -> tuple[int, int, int]:
    """[first, end) seconds around the peak in which the score keeps `edge_share` of its height; scores before `read` say so.

    Growth stops in the valley before a higher score. What is too long loses the lower of its edges, what is too short
    gains the higher neighbour, both second by second; the peak stays inside, and the stream's ends are kept.
    """
    before_s, _ = _run(score[max(at - longest_s, 0) : at][::-1], float(score[at]), edge_share)
    after_s, read_s = _run(score[at + 1 : at + longest_s], float(score[at]), edge_share)
    first, end = at - before_s, at + 1 + after_s
    while end - first > longest_s:
        if first < at and (end - 1 == at or score[first] <= score[end - 1]):
            first += 1
        else:
            end -= 1
    while end - first < min(shortest_s, len(score)):
        before = score[first - 1] if first > 0 else -1.0
        after = score[end] if end < len(score) else -1.0
        if before >= after:
            first -= 1
        else:
            end += 1
    return first, end, min(max(at + 1 + read_s, end + 1), len(score))


def snap(
    wanted: Interval, peak_ms: int, timeline: Timeline, *, shortest_ms: int, longest_ms: int, within_ms: int
) -> Interval:
    """Both ends moved by at most `within_ms` to a cut, or else into a pause in speech, where one is near.

    An end whose move would break the shortest or longest length, leave the stream, or put the peak outside, stays.
    """
    start = _nearest(wanted.start_ms, timeline, within_ms)
    if not (start <= peak_ms and shortest_ms <= wanted.end_ms - start <= longest_ms):
        start = wanted.start_ms
    end = _nearest(wanted.end_ms, timeline, within_ms)
    if not (end > peak_ms and shortest_ms <= end - start <= longest_ms and end <= timeline.end_s * 1000):
        end = wanted.end_ms
    return Interval(start, end)


def _run(outwards: Floats, height: float, edge_share: float) -> tuple[int, int]:
    """How many seconds outwards belong to the peak, and how many were looked at to say so."""
    leaves = np.flatnonzero((outwards < edge_share * height) | (outwards > height))
    if not len(leaves):
        return len(outwards), len(outwards)
    leave = int(leaves[0])
    return (leave if outwards[leave] < height else int(np.argmin(outwards[: leave + 1]))), leave + 1


def _nearest(at_ms: int, timeline: Timeline, within_ms: int) -> int:
    cuts = timeline.cuts_ms
    index = bisect_left(cuts, at_ms)
    near = [cut for cut in cuts[max(index - 1, 0) : index + 1] if abs(cut - at_ms) <= within_ms]
    if not near:
        place = bisect_left(timeline.pauses, (at_ms, at_ms))
        pauses = timeline.pauses[max(place - 1, 0) : place + 1]
        inside = [min(max(at_ms, start), end) for start, end in pauses if end > start]
        near = [point for point in inside if abs(point - at_ms) <= within_ms]
    return min(near, key=lambda point: (abs(point - at_ms), point), default=at_ms)
