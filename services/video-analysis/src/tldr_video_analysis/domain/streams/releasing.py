"""What is announced of the windows that are ready, in order of time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tldr_streams.values import Failure
from tldr_video_analysis.domain.figures.figures import Modality, Series, Span
from tldr_video_analysis.domain.segments.segment import Segment, Window, spans_of
from tldr_video_analysis.domain.streams.analysed_stream import AnalysedStream
from tldr_video_analysis.domain.streams.gap import Gap, joined, missing, uncovered, unexplained
from tldr_video_analysis.domain.streams.window_analysis import (
    WindowAnalysis,
    on_one_level,
    pauses_together,
    series_together,
)

_MISSING = "segment_missing"
_REASON = "A part of the recording never came, so nothing is known of it."


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """Series of contiguous seconds from `first_second` on."""

    first_second: int
    series: Mapping[str, Series]
    cuts_ms: tuple[int, ...]
    pauses: tuple[Span, ...]
    complete_until_ms: int


@dataclass(frozen=True, slots=True)
class GapFound:
    """Something is missing."""

    gap: Gap
    complete_until_ms: int


@dataclass(frozen=True, slots=True)
class Ended:
    """Nothing more comes in this attempt."""

    attempt: int
    modalities: tuple[Modality, ...]
    duration_ms: int
    failure: Failure | None


Outcome = Measured | GapFound | Ended


def release(
    stream: AnalysedStream, ready: Sequence[WindowAnalysis], reported: Sequence[Gap]
) -> tuple[AnalysedStream, tuple[Outcome, ...]]:
    """Announce windows that follow on what was released, and gaps that the source reported.

    A gap is said before the seconds that pass it, so nobody takes them for complete.
    """
    before = stream.complete_until_ms
    gaps = joined((*reported, *(gap for analysis in ready for gap in analysis.gaps)))
    said: tuple[Outcome, ...] = tuple(GapFound(gap, before) for gap in gaps)
    if not ready:
        return stream, said
    until_s = ready[-1].window.end_second
    until_ms = max(before, min(until_s * 1000, stream.read_until_ms))
    even, level = on_one_level(ready, stream.activity_level)
    measured = Measured(
        ready[0].window.first_second,
        series_together(even),
        tuple(sorted(cut for analysis in ready for cut in analysis.cuts_ms)),
        pauses_together(ready),
        until_ms,
    )
    stream = replace(stream, released_until_s=until_s, complete_until_ms=until_ms, activity_level=level)
    return stream, (*said, measured)


def end(
    stream: AnalysedStream, reported: Sequence[Gap], known: Sequence[Gap]
) -> tuple[AnalysedStream, tuple[Outcome, ...]]:
    """Announce the end of a stream that `ends`, with gaps that were not announced yet.

    Seconds that a source which ended well promised, and that neither came nor are `known` to be missing, are a gap.
    """
    until_ms = stream.complete_until_ms
    said = [GapFound(gap, until_ms) for gap in joined(reported)]
    if stream.failure is None:
        tail = missing(uncovered((), until_ms, stream.duration_ms), stream.declared, _MISSING, _REASON)
        until_ms = max(until_ms, stream.duration_ms)
        said += [GapFound(gap, until_ms) for gap in unexplained(tail, known)]
    over = Ended(stream.attempt, stream.declared, stream.duration_ms, stream.failure)
    return replace(stream, announced_attempt=stream.attempt, complete_until_ms=until_ms), (*said, over)


def never_came(
    stream: AnalysedStream, window: Window, segments: Sequence[Segment], known: Sequence[Gap]
) -> tuple[Gap, ...]:
    """What of a window lies in none of the segments, as far as the source was read, and is not known to be missing."""
    holes = uncovered(spans_of(segments), window.start_ms, min(window.end_ms, stream.read_until_ms))
    return unexplained(missing(holes, stream.declared, _MISSING, _REASON), known)
