"""What is announced of the windows that are ready, in order of time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tldr_streams.values import Failure
from tldr_video_analysis.domain.figures.figures import Modality, Series, Span
from tldr_video_analysis.domain.segments.segment import Segment, Window, spans_of
from tldr_video_analysis.domain.streams.analysed_stream import AnalysedStream
from tldr_video_analysis.domain.streams.gap import MEDIA, Gap, joined, missing, uncovered, unexplained
from tldr_video_analysis.domain.streams.window_analysis import (
    WindowAnalysis,
    of_modalities,
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
    completeness: Mapping[Modality, int]
    """Of each modality; the least of them is `complete_until_ms`."""


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
    stream: AnalysedStream,
    ready: Sequence[WindowAnalysis],
    reported: Sequence[Gap],
    modalities: Sequence[Modality] = MEDIA,
) -> tuple[AnalysedStream, tuple[Outcome, ...]]:
    """Announce of windows that follow on what was released what was measured of `modalities`, and gaps that the source
    reported.

    A gap is said before the seconds that pass it, so nobody takes them for complete.
    """
    before = stream.complete_until_ms
    found = (gap for analysis in ready for gap in analysis.gaps if gap.modality in modalities)
    gaps = joined((*reported, *found))
    said: tuple[Outcome, ...] = tuple(GapFound(gap, before) for gap in gaps)
    if not ready:
        return stream, said
    ready = [of_modalities(analysis, modalities) for analysis in ready]
    if Modality.VIDEO in modalities:
        ready, level = on_one_level(ready, stream.activity_level)
        stream = replace(stream, activity_level=level)
    stream = stream.released(modalities, ready[-1].window.end_second)
    measured = Measured(
        ready[0].window.first_second,
        series_together(ready),
        tuple(sorted(cut for analysis in ready for cut in analysis.cuts_ms)),
        pauses_together(ready),
        stream.complete_until_ms,
        {modality: stream.complete_ms(modality) for modality in MEDIA},
    )
    return stream, (*said, measured)


def steps(
    stream: AnalysedStream, ready: Sequence[WindowAnalysis]
) -> tuple[tuple[Modality, ...], Sequence[WindowAnalysis]] | None:
    """Which modalities can be announced now, and of which windows: both together where both are measured, else the one that
    is, so that one which is late or fails holds the other not back. None where nothing can.
    """
    together = (MEDIA,) if stream.video_until_s == stream.audio_until_s else ()
    for modalities in (*together, *((modality,) for modality in sorted(MEDIA, key=stream.until_s))):
        found: list[WindowAnalysis] = []
        at = stream.until_s(modalities[0])
        for analysis in ready:
            if analysis.window.first_second == at and analysis.measured.issuperset(modalities):
                found.append(analysis)
                at = analysis.window.end_second
        if found:
            return modalities, found
    return None


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
