"""A stored segment of a stream, and which of them an analysis reads."""

from collections.abc import Sequence
from dataclasses import dataclass

from tldr_video_analysis.domain.figures.figures import Span

BEFORE_MS = 1500
"""The picture before a window's first one, and a second for the speech detector to settle."""
AFTER_MS = 1300
"""The last second may begin just before the window's end; its loudness looks 300 ms further."""
CHAIN_MS = 300_000
"""How far back decoding may start. Farther means that each window would read the stream anew, so it is a gap instead."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment's place in stream time and in the store; decoding it starts at segment `decode_from`."""

    index: int
    start_ms: int
    end_ms: int
    bucket: str
    key: str
    offset_ms: int
    decode_from: int
    has_video: bool
    has_audio: bool


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """The seconds [first_second, end_second), analysed at once. A stream's windows meet and never overlap."""

    first_second: int
    end_second: int

    @property
    def start_ms(self) -> int:
        """Where it starts."""
        return self.first_second * 1000

    @property
    def end_ms(self) -> int:
        """Where it ends."""
        return self.end_second * 1000


def needed(segments: Sequence[Segment], window: Window) -> tuple[Segment, ...]:
    """Of the segments in order of index, those that the analysis of a window reads: what the window touches with its
    edges, and all from the segment on where decoding has to start.
    """
    touched = [
        segment
        for segment in segments
        if segment.end_ms > window.start_ms - BEFORE_MS and segment.start_ms < window.end_ms + AFTER_MS
    ]
    if not touched:
        return ()
    first = min(min(segment.index, segment.decode_from) for segment in touched)
    reach_ms = window.start_ms - CHAIN_MS
    chain = (segment for segment in segments if segment.index >= first and segment.end_ms > reach_ms)
    return tuple(segment for segment in chain if segment.index <= touched[-1].index)


def spans_of(segments: Sequence[Segment]) -> list[Span]:
    """Where the segments are."""
    return [Span(segment.start_ms, segment.end_ms) for segment in segments]
