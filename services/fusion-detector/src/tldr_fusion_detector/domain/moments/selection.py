"""Which candidates are kept: the stronger of two that conflict, and no more an hour than wanted."""

from dataclasses import dataclass, replace

from tldr_fusion_detector.domain.moments.boundaries import Interval
from tldr_fusion_detector.domain.moments.peaks import Peak
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


def without_conflicts(
    candidates: tuple[Candidate, ...], spacing_ms: int, shortest_ms: int, length_ms: int
) -> tuple[Candidate, ...]:
    """Candidates in order of time with at least `spacing_ms` between them.

    A later one conflicts when its peak lies before the earlier one's end plus spacing: the higher is kept, the
    earlier of equals. Otherwise only its start moves back, and its end where it would be too short. Each decision
    looks at neighbours only, so later parts of a stream never reopen it.
    """
    kept: list[Candidate] = []
    for candidate in candidates:
        join(kept, candidate, spacing_ms, shortest_ms, length_ms)
    return tuple(kept)


def join(kept: list[Candidate], candidate: Candidate, spacing_ms: int, shortest_ms: int, length_ms: int) -> None:
    """Let one more candidate in, see `without_conflicts`. It can drive out the last one, and moves behind the one before."""
    fresh = candidate
    while kept and conflicts(kept[-1], fresh.peak_ms, spacing_ms):
        if kept[-1].peak.height >= fresh.peak.height:
            return
        kept.pop()
    if kept:
        fresh = _after(kept[-1], fresh, spacing_ms, shortest_ms)
    if fresh.interval.end_ms <= length_ms:
        kept.append(fresh)


def at_most(candidates: tuple[Candidate, ...], per_hour: float, mode: Mode) -> tuple[Candidate, ...]:
    """No more than `per_hour` peaks in any hour (0: no limit; at least one).

    A recording keeps the highest; a live stream keeps those that came first, because it has promised them.
    """
    if per_hour <= 0:
        return candidates
    limit = hourly(per_hour)
    order = candidates
    if mode is Mode.RECORDED:
        order = tuple(sorted(candidates, key=lambda c: (-c.peak.height, c.peak.at)))
    kept: list[Candidate] = []
    for candidate in order:
        if fits(candidate.peak_ms, [other.peak_ms for other in kept], limit):
            kept.append(candidate)
    return tuple(sorted(kept, key=lambda c: c.peak.at))


def hourly(per_hour: float) -> int:
    """How many of an hour are kept."""
    return max(int(per_hour), 1)


def conflicts(earlier: Candidate, peak_ms: int, spacing_ms: int) -> bool:
    """Whether a later candidate with this peak cannot be kept beside it."""
    return peak_ms < earlier.interval.end_ms + spacing_ms


def _after(earlier: Candidate, later: Candidate, spacing_ms: int, shortest_ms: int) -> Candidate:
    start = max(later.interval.start_ms, earlier.interval.end_ms + spacing_ms)
    return replace(later, interval=Interval(start, max(later.interval.end_ms, start + shortest_ms)))


def fits(peak_ms: int, others: list[int], limit: int) -> bool:
    """Whether every hour that holds the new peak still holds at most `limit`."""
    near = sorted([*[other for other in others if abs(other - peak_ms) < HOUR_MS], peak_ms])
    return all(near[i + limit] - near[i] >= HOUR_MS for i in range(len(near) - limit))
