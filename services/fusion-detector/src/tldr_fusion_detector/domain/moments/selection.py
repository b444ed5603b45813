"""Which candidates are kept: the stronger of two that conflict, and no more an hour than wanted."""

from dataclasses import dataclass, replace
from typing import Self

from tldr_fusion_detector.domain.moments.boundaries import Interval
from tldr_fusion_detector.domain.moments.peaks import Peak
from tldr_fusion_detector.domain.profile.profile import Processing
from tldr_fusion_detector.domain.signals.baseline import Mode

HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Candidate:
    """`read_ms`: scores before it decided the interval, which may lie behind its end."""

    peak: Peak
    interval: Interval
    read_ms: int = 0

    @property
    def peak_ms(self) -> int:
        """The middle of the peak's second."""
        return self.peak.at * 1000 + 500


@dataclass(frozen=True, slots=True)
class Spacing:
    """How near each other candidates may be, in milliseconds. `merge_gap` 0: none become one."""

    apart: int
    shortest: int
    merge_gap: int = 0
    longest: int = 0

    @classmethod
    def of(cls, processing: Processing) -> Self:
        """As the profile wants it."""
        return cls(
            processing.min_spacing_ms, processing.min_length_ms, processing.merge_gap_ms, processing.max_length_ms
        )

    def may_grow(self, candidate: Candidate, next_ms: int) -> bool:
        """Whether one that peaks at `next_ms` or later can still become one with it."""
        return self.merge_gap > 0 and next_ms < candidate.interval.start_ms + self.longest


def without_conflicts(candidates: tuple[Candidate, ...], spacing: Spacing, length_ms: int) -> tuple[Candidate, ...]:
    """Candidates in order of time with at least `spacing.apart` between them.

    A later one that begins no more than the merge gap behind the earlier one's end becomes one with it, where both together
    are not too long; it has the higher peak, the earlier of equals. Any other conflicts when its peak lies before the earlier
    one's end plus spacing: the higher is kept, the earlier of equals. Otherwise only its start moves back, and its end where
    it would be too short. Each decision looks at neighbours only, so later parts of a stream never reopen it.
    """
    kept: list[Candidate] = []
    for candidate in candidates:
        join(kept, candidate, spacing, length_ms)
    return tuple(kept)


def join(kept: list[Candidate], candidate: Candidate, spacing: Spacing, length_ms: int, fixed: int = 0) -> None:
    """Let one more candidate in, see `without_conflicts`. It becomes part of the last one, or drives it out, or moves behind it.

    The first `fixed` of those that are kept stay as they are.
    """
    if len(kept) > fixed and (whole := _merged(kept[-1], candidate, spacing)):
        kept[-1] = whole
        return
    fresh, spacing_ms = candidate, spacing.apart
    while kept and conflicts(kept[-1], fresh.peak_ms, spacing_ms):
        if kept[-1].peak.height >= fresh.peak.height:
            return
        kept.pop()
    if kept:
        fresh = _after(kept[-1], fresh, spacing_ms, spacing.shortest)
    if fresh.interval.end_ms <= length_ms:
        kept.append(fresh)


def at_most(candidates: tuple[Candidate, ...], per_hour: float, mode: Mode, of_all: int = 0) -> tuple[Candidate, ...]:
    """No more than `per_hour` peaks in any hour (0: no limit; at least one), and no more than `of_all` (0: no limit).

    A recording keeps the highest; a live stream keeps those that came first, because it has promised them.
    """
    if per_hour <= 0 and of_all <= 0:
        return candidates
    order = candidates
    if mode is Mode.RECORDED:
        order = tuple(sorted(candidates, key=lambda c: (-c.peak.height, c.peak.at)))
    kept: list[Candidate] = []
    for candidate in order:
        if of_all and len(kept) == of_all:
            break
        if fits(candidate.peak_ms, [other.peak_ms for other in kept], per_hour):
            kept.append(candidate)
    return tuple(sorted(kept, key=lambda c: c.peak.at))


def conflicts(earlier: Candidate, peak_ms: int, spacing_ms: int) -> bool:
    """Whether a later candidate with this peak cannot be kept beside it."""
    return peak_ms < earlier.interval.end_ms + spacing_ms


def _merged(earlier: Candidate, later: Candidate, spacing: Spacing) -> Candidate | None:
    """Both as one; None where they stay two."""
    if not spacing.merge_gap or later.interval.start_ms - earlier.interval.end_ms > spacing.merge_gap:
        return None
    whole = Interval(earlier.interval.start_ms, max(earlier.interval.end_ms, later.interval.end_ms))
    if whole.length_ms > spacing.longest:
        return None
    higher = later if later.peak.height > earlier.peak.height else earlier
    return Candidate(higher.peak, whole, max(earlier.read_ms, later.read_ms))


def _after(earlier: Candidate, later: Candidate, spacing_ms: int, shortest_ms: int) -> Candidate:
    start = max(later.interval.start_ms, earlier.interval.end_ms + spacing_ms)
    return replace(later, interval=Interval(start, max(later.interval.end_ms, start + shortest_ms)))


def fits(peak_ms: int, others: list[int], per_hour: float) -> bool:
    """Whether every hour that holds the new peak still holds at most `per_hour` (0: no limit; at least one)."""
    if per_hour <= 0:
        return True
    limit = max(int(per_hour), 1)
    near = sorted([*[other for other in others if abs(other - peak_ms) < HOUR_MS], peak_ms])
    return all(near[i + limit] - near[i] >= HOUR_MS for i in range(len(near) - limit))
