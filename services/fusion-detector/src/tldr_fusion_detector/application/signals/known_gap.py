"""Gaps with their reasons, and how several reports of one gap become one."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tldr_fusion_detector.domain.signals.signals import Modality


@dataclass(frozen=True, slots=True)
class KnownGap:
    """A half-open range of stream time in which a modality says nothing, and why."""

    modality: Modality
    start_ms: int
    end_ms: int
    code: str
    reason: str


def merged(gaps: Iterable[KnownGap]) -> tuple[KnownGap, ...]:
    """Gaps in order of time; those of one modality and code that overlap or touch are one, with the first reason.

    Ingest and the services behind it may report the same range, and a range that fails by segments comes in pieces.
    """
    order = sorted(gaps, key=lambda gap: (gap.modality, gap.code, gap.start_ms, gap.end_ms, gap.reason))
    found: list[KnownGap] = []
    for gap in order:
        last = found[-1] if found else None
        if last and (last.modality, last.code) == (gap.modality, gap.code) and gap.start_ms <= last.end_ms:
            found[-1] = replace(last, end_ms=max(last.end_ms, gap.end_ms))
        elif gap.end_ms > gap.start_ms:
            found.append(gap)
    return tuple(sorted(found, key=lambda gap: (gap.start_ms, gap.end_ms, gap.modality, gap.code)))
