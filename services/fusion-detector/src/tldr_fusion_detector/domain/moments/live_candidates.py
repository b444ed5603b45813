"""Candidates of a live stream, in order of time: those that are decided for good, and what may come of the rest."""

from collections.abc import Sequence
from dataclasses import dataclass

from tldr_fusion_detector.domain.moments.detection import candidate_at
from tldr_fusion_detector.domain.moments.live_state import Decided
from tldr_fusion_detector.domain.moments.peaks import find_peaks
from tldr_fusion_detector.domain.moments.selection import HOUR_MS, Candidate, Spacing, conflicts, fits, join
from tldr_fusion_detector.domain.moments.trained_moments import trained_candidate
from tldr_fusion_detector.domain.profile.calibration import Calibration
from tldr_fusion_detector.domain.profile.profile import Processing
from tldr_fusion_detector.domain.scoring.scorer.segments import SegmentRule, at_least
from tldr_fusion_detector.domain.signals.signals import Floats
from tldr_fusion_detector.domain.signals.timeline import Timeline


@dataclass(frozen=True, slots=True, eq=False)
class LiveScore:
    """Scores from second `from_s` on; those before `scored_s` have settled. `ended`: there will be no more."""

    scores: Floats
    from_s: int
    scored_s: int
    ended: bool
    timeline: Timeline
    processing: Processing
    calibration: Calibration

    @property
    def end_s(self) -> int:
        """The first second without a score."""
        return self.from_s + len(self.scores)

    def knows(self, second: int) -> bool:
        """Whether all scores before it have settled."""
        return self.ended or second <= self.scored_s


@dataclass(frozen=True, slots=True)
class Found:
    """`decided`: candidates that stay as they are, behind those decided before, and up to `until_s`; `open`: the others."""

    decided: tuple[Candidate, ...]
    open: tuple[Candidate, ...]
    until_s: int
    stretch: tuple[int, int] | None = None


def found_peaks(score: LiveScore, before: Decided) -> Found:
    """Peaks from `before.until_s` on."""
    calibration, processing, radius = score.calibration, score.processing, score.calibration.peak_radius
    until_s = score.end_s if score.ended else max(score.scored_s - radius, before.until_s)
    decided: list[Candidate] = []
    later: list[Candidate] = []
    for peak in find_peaks(score.scores, processing.min_score, calibration):
        at = peak.at + score.from_s
        if at < before.until_s:
            continue
        candidate = candidate_at(score.scores, peak, score.timeline, processing, calibration, score.from_s)
        needs_s = max(at + radius + 1, at + processing.shortest_s + 1, candidate.read_ms // 1000)
        if later or not score.knows(needs_s):
            later.append(candidate)
            until_s = min(until_s, later[0].peak.at)
        else:
            decided.append(candidate)
    return Found(tuple(decided), tuple(later), until_s)


def found_segments(score: LiveScore, before: Decided, rule: SegmentRule) -> Found:
    """Pieces of stretches from `before.until_s` on."""
    origin, longest, shortest = score.from_s, score.processing.longest_s, score.processing.shortest_s
    begun = None if before.stretch is None else (before.stretch[0] - origin, before.stretch[1] - origin)
    known = score.scores if score.ended else score.scores[: max(score.scored_s - origin, 0)]

    until_s, stretch, count = max(score.scored_s, before.until_s), None, 0
    for first, end in rule.stretches(known, before.until_s - origin, begun):
        whole = max(end - first, 0) // longest
        rest_s = first + whole * longest
        count += whole
        left = end > rest_s
        if not score.knows(origin + end + max(rule.merge_s, shortest if left else 0) + 1):
            until_s, stretch = rest_s + origin, (rest_s + origin, min(end, rest_s) + origin)
            break
        count += left
    stretches = rule.stretches(score.scores, before.until_s - origin, begun)
    pieces = [(at, min(at + longest, end)) for first, end in stretches for at in range(first, end, longest)]
    return _of_pieces(score, rule, pieces, count, until_s, stretch)


def _of_pieces(
    score: LiveScore,
    rule: SegmentRule,
    pieces: Sequence[tuple[int, int]],
    decided: int,
    until_s: int,
    stretch: tuple[int, int] | None,
) -> Found:
    found: tuple[list[Candidate], list[Candidate]] = ([], [])
    for number, (first, end) in enumerate(pieces):
        if rule.keeps((first, end), score.scores):
            segment = at_least((first, end), score.scores, score.processing.shortest_s)
            candidate = trained_candidate(
                rule, segment, score.scores, score.timeline, score.processing, score.calibration, score.from_s
            )
            if candidate is not None:
                found[number >= decided].append(candidate)
    return Found(tuple(found[0]), tuple(found[1]), score.end_s if score.ended else until_s, stretch)


def decide(found: Found, before: Decided, score: LiveScore) -> tuple[Decided, tuple[Candidate, ...]]:
    """What is decided now, and the candidates that are promised with it, in order of time."""
    chain = _chain(before)
    fixed = int(before.before is not None)
    _join_all(chain, found.decided, score, fixed)
    spacing, next_ms = Spacing.of(score.processing), found.until_s * 1000 + 500
    # Only the last can be driven out or grow: whatever conflicts with one before it conflicts with the last as well.
    last = chain[-1] if len(chain) > fixed and not score.ended else None
    open_still = last and (conflicts(last, next_ms, spacing.apart) or spacing.may_grow(last, next_ms))
    kept = tuple(chain[-1:]) if open_still else ()
    new = chain[fixed : len(chain) - len(kept)]
    promised = _limited(new, before, score.processing)
    earliest = min([next_ms, *(candidate.peak_ms for candidate in kept)])
    hour = [*before.promised_ms, *(candidate.peak_ms for candidate in promised)]
    decided = Decided(
        found.until_s,
        kept,
        new[-1] if new else before.before,
        tuple(peak_ms for peak_ms in hour if peak_ms > earliest - HOUR_MS),
        found.stretch,
        before.promised + len(promised),
        before.given_ms,
    )
    return decided, promised


def expected(found: Found, decided: Decided, score: LiveScore) -> tuple[Candidate, ...]:
    """Candidates that would be kept, by what is known now: those whose peak stands."""
    stands = score.end_s - score.calibration.peak_radius
    chain, fixed = _chain(decided), int(decided.before is not None)
    _join_all(chain, [candidate for candidate in found.open if candidate.peak.at < stands], score, fixed)
    return _limited(chain[fixed:], decided, score.processing)


def _chain(decided: Decided) -> list[Candidate]:
    return [*([decided.before] if decided.before else []), *decided.kept]


def _join_all(chain: list[Candidate], candidates: Sequence[Candidate], score: LiveScore, fixed: int) -> None:
    for candidate in candidates:
        join(chain, candidate, Spacing.of(score.processing), score.end_s * 1000, fixed)


def _limited(candidates: Sequence[Candidate], before: Decided, processing: Processing) -> tuple[Candidate, ...]:
    """A live stream keeps those that come first, so many an hour and of all."""
    peaks, kept = list(before.promised_ms), list[Candidate]()
    for candidate in candidates:
        if processing.max_highlights and before.promised + len(kept) >= processing.max_highlights:
            break
        if fits(candidate.peak_ms, peaks, processing.max_per_hour):
            peaks.append(candidate.peak_ms)
            kept.append(candidate)
    return tuple(kept)
