"""Gaps with their reasons, and how several reports of one gap become one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from tldr_fusion_detector.domain.signals.signals import Modality

NEVER_CAME = "event_lost"
SIGNALS_SILENT = "signals_silent"
_SILENT = "No signals were pushed for this range, though the stream was submitted with them."
_REASON = "What was measured of this range never arrived. Ask the operator to look at the dead letters."
# Windows meet within a second: one that has begun belongs to the window in which it starts.
_LEAST_MS = 2_000


@dataclass(frozen=True, slots=True)
class ReportedGap:
    """A half-open range of stream time in which a modality says nothing, and why.

    `masks`: what was measured within it is not used. Else it came when those seconds were past on a live stream, or not on
    the modality's own topic, and people are told of it alone.
    """

    modality: Modality
    start_ms: int
    end_ms: int
    code: str
    reason: str
    masks: bool = True


def never_came(modality: Modality, start_ms: int, end_ms: int) -> tuple[ReportedGap, ...]:
    """A range of which no event spoke, if it is one."""
    if end_ms - start_ms < _LEAST_MS:
        return ()
    return (ReportedGap(modality, start_ms, end_ms, NEVER_CAME, _REASON),)


def parted(gap: ReportedGap, known_ms: int) -> tuple[ReportedGap, ...]:
    """A gap of a live stream: its part in seconds that were complete before is told of, and masks nothing."""
    late = replace(gap, end_ms=min(gap.end_ms, known_ms), masks=False)
    rest = replace(gap, start_ms=max(gap.start_ms, known_ms))
    return tuple(part for part in (late, rest) if part.start_ms < part.end_ms)


def signals_silent(start_ms: int, end_ms: int) -> tuple[ReportedGap, ...]:
    """A range for which telemetry was waited in vain, if it is one."""
    if end_ms - start_ms < _LEAST_MS:
        return ()
    return (ReportedGap(Modality.EXTERNAL, start_ms, end_ms, SIGNALS_SILENT, _SILENT),)


def explained(gaps: Iterable[ReportedGap]) -> tuple[ReportedGap, ...]:
    """The same, but that what never came leaves out what others give a reason for: ingest may have told of it."""
    known = tuple(gaps)
    reasons = [gap for gap in known if gap.code != NEVER_CAME]
    holes = [gap for gap in known if gap.code == NEVER_CAME]
    return (*reasons, *(left for hole in holes for left in _left(hole, reasons)))


def _left(hole: ReportedGap, reasons: Iterable[ReportedGap]) -> Iterator[ReportedGap]:
    at = hole.start_ms
    same = (gap for gap in reasons if gap.modality is hole.modality and gap.end_ms > hole.start_ms)
    for gap in sorted(same, key=lambda gap: gap.start_ms):
        yield from never_came(hole.modality, at, min(gap.start_ms, hole.end_ms))
        at = max(at, gap.end_ms)
    yield from never_came(hole.modality, at, hole.end_ms)


def merged(gaps: Iterable[ReportedGap]) -> tuple[ReportedGap, ...]:
    """Gaps in order of time; those of one modality and code that overlap or touch are one, with the first reason.

    Ingest and the services behind it may report the same range, and a range that fails by segments comes in pieces.
    """
    order = sorted(gaps, key=lambda gap: (gap.modality, gap.code, gap.start_ms, gap.end_ms, gap.reason))
    found: list[ReportedGap] = []
    for gap in order:
        last = found[-1] if found else None
        if last and (last.modality, last.code) == (gap.modality, gap.code) and gap.start_ms <= last.end_ms:
            found[-1] = replace(last, end_ms=max(last.end_ms, gap.end_ms))
        elif gap.end_ms > gap.start_ms:
            found.append(gap)
    return tuple(sorted(found, key=lambda gap: (gap.start_ms, gap.end_ms, gap.modality, gap.code)))
