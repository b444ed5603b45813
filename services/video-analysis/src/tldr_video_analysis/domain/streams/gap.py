"""Ranges of picture or sound that are missing, and what several of them say together."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from tldr_video_analysis.domain.figures.figures import Modality, Span

MEDIA = (Modality.VIDEO, Modality.AUDIO)
SEAM_MS = 50
"""A gap that begins so close behind what was read continues it: times are rounded."""


@dataclass(frozen=True, slots=True)
class Gap:
    """[start_ms, end_ms) of one modality is missing for good; `code` is for programs, `reason` a sentence for people."""

    modality: Modality
    start_ms: int
    end_ms: int
    code: str
    reason: str


def inside(gaps: Iterable[Gap], start_ms: int, end_ms: int) -> tuple[Gap, ...]:
    """What of the gaps lies in [start_ms, end_ms)."""
    clipped = (replace(gap, start_ms=max(gap.start_ms, start_ms), end_ms=min(gap.end_ms, end_ms)) for gap in gaps)
    return tuple(gap for gap in clipped if gap.start_ms < gap.end_ms)


def unexplained(gaps: Iterable[Gap], known: Sequence[Gap]) -> tuple[Gap, ...]:
    """What of the gaps no `known` one of the same modality covers: nothing is reported twice for two reasons."""
    rest: list[Gap] = []
    for gap in gaps:
        covers = (Span(other.start_ms, other.end_ms) for other in known if other.modality is gap.modality)
        for span in uncovered(covers, gap.start_ms, gap.end_ms):
            rest.append(replace(gap, start_ms=span.start_ms, end_ms=span.end_ms))
    return tuple(rest)


def uncovered(spans: Iterable[Span], start_ms: int, end_ms: int) -> Iterator[Span]:
    """The parts of [start_ms, end_ms) that none of the spans covers, in order."""
    for span in sorted(spans):
        if span.start_ms >= end_ms:
            break
        if span.start_ms > start_ms:
            yield Span(start_ms, span.start_ms)
        start_ms = max(start_ms, span.end_ms)
    if start_ms < end_ms:
        yield Span(start_ms, end_ms)


def passed(from_ms: int, gaps: Iterable[Gap], modalities: Iterable[Modality]) -> int:
    """How far gaps that continue one another from a time on take all of the modalities."""
    ordered = sorted(gaps, key=lambda gap: gap.start_ms)
    reached = []
    for modality in modalities:
        at = from_ms
        for gap in ordered:
            if gap.modality is modality and gap.start_ms <= at + SEAM_MS:
                at = max(at, gap.end_ms)
        reached.append(at)
    return min(reached, default=from_ms)


def missing(spans: Iterable[Span], modalities: Iterable[Modality], code: str, reason: str) -> tuple[Gap, ...]:
    """Each span as a gap of each modality."""
    modalities = tuple(modalities)
    return tuple(Gap(modality, span.start_ms, span.end_ms, code, reason) for span in spans for modality in modalities)


def joined(gaps: Iterable[Gap]) -> tuple[Gap, ...]:
    """In order of time, with those made one that touch and have the same code: windows cut them where they meet."""
    last: dict[tuple[Modality, str], int] = {}
    whole: list[Gap] = []
    for gap in sorted(gaps, key=lambda gap: (gap.start_ms, gap.modality)):
        at = last.get((gap.modality, gap.code))
        if at is not None and gap.start_ms <= whole[at].end_ms:
            whole[at] = replace(whole[at], end_ms=max(whole[at].end_ms, gap.end_ms))
        else:
            last[gap.modality, gap.code] = len(whole)
            whole.append(gap)
    return tuple(whole)
