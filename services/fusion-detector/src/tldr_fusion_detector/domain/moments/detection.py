"""Detection as one function of a timeline and a profile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tldr_fusion_detector.domain.moments.boundaries import Interval, grow, snap
from tldr_fusion_detector.domain.moments.confidence import confidence, confidence_of_trained
from tldr_fusion_detector.domain.moments.highlight_types import NEVER, Moment, last_given, types_for
from tldr_fusion_detector.domain.moments.peaks import Peak, find_peaks
from tldr_fusion_detector.domain.moments.selection import Candidate, Spacing, at_most, without_conflicts
from tldr_fusion_detector.domain.moments.trained_moments import trained_beyond_s, trained_candidates
from tldr_fusion_detector.domain.moments.wording import reason_for, title_for
from tldr_fusion_detector.domain.profile.calibration import DEFAULT_CALIBRATION, Calibration
from tldr_fusion_detector.domain.profile.profile import Processing, Profile
from tldr_fusion_detector.domain.scoring.ledger import (
    Contribution,
    DimensionScore,
    contributions_at,
    dimension_scores,
    total,
)
from tldr_fusion_detector.domain.scoring.scorer.scorer import Scorer
from tldr_fusion_detector.domain.scoring.scoring import ScoreSheet, learn, score_timeline
from tldr_fusion_detector.domain.signals.baseline import Mode
from tldr_fusion_detector.domain.signals.reaction_lag import Lag
from tldr_fusion_detector.domain.signals.signals import Floats, Modality, modality_of
from tldr_fusion_detector.domain.signals.timeline import Timeline
from tldr_fusion_detector.domain.signals.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Highlight:
    """A moment that matters; `score` is the sum of its contributions, scores and confidence lie in [0, 1]."""

    start_ms: int
    end_ms: int
    peak_ms: int
    types: tuple[str, ...]
    score: float
    confidence: float
    title: str
    reason: str
    dimensions: tuple[DimensionScore, ...]
    contributions: tuple[Contribution, ...]
    missing: tuple[Modality, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Detection:
    """Highlights in order of time; `scores` (n,) at 1 Hz in [0, 1]; `lag` as it is at the end of the timeline.

    On a live stream past its warm-up, a score that lies `scores_settle_s` before the watermark will not change any more,
    nor a highlight whose end lies `settle_ms` before it, if all scores that decided it have settled too: those before its
    `read_ms`. `learned`: the vocabulary of the stream's channel with what this stream adds to it, None where it adds nothing.
    """

    highlights: tuple[Highlight, ...]
    scores: Floats
    lag: Lag
    scores_settle_s: int
    settle_ms: int
    read_ms: tuple[int, ...]
    learned: Mapping[str, Any] | None = None


def detect(
    timeline: Timeline,
    profile: Profile,
    *,
    mode: Mode = Mode.RECORDED,
    lag: Lag | None = None,
    vocabulary: Vocabulary | None = None,
    teach: bool = False,
    scorer: Scorer | None = None,
    calibration: Calibration = DEFAULT_CALIBRATION,
) -> Detection:
    """All highlights of what is known of a stream. Deterministic; the same for every order in which signals came.

    `lag` overrides the profile's figure and the stream's own. In live mode a longer timeline gives the same figures
    for everything that had settled. `vocabulary`: what the channel's earlier streams taught; `teach`: say what they have
    taught with this one. `scorer`: what was trained to score in place of the profile's dimensions.
    """
    sheet = score_timeline(timeline, profile, mode, calibration, lag, vocabulary, scorer)
    processing = profile.processing
    candidates = _candidates(sheet, timeline, processing, calibration)
    spaced = without_conflicts(candidates, Spacing.of(processing), timeline.length_s * 1000)
    kept = at_most(spaced, processing.max_per_hour, mode, processing.max_highlights)
    highlights, _ = highlights_of(kept, sheet, profile, calibration)
    learned = learn(timeline, profile, calibration, sheet.lags.last, vocabulary) if teach else None
    return Detection(
        highlights,
        sheet.total,
        sheet.lags.last,
        sheet.settle_s,
        _settle_ms(sheet, profile, calibration),
        tuple(candidate.read_ms for candidate in kept),
        learned.document() if learned else None,
    )


def _candidates(
    sheet: ScoreSheet, timeline: Timeline, processing: Processing, calibration: Calibration
) -> tuple[Candidate, ...]:
    if sheet.trained is not None:
        return trained_candidates(sheet.trained.scorer.segments, sheet.total, timeline, processing, calibration)
    return tuple(
        candidate_at(sheet.total, peak, timeline, processing, calibration)
        for peak in find_peaks(sheet.total, processing.min_score, calibration)
    )


def candidate_at(
    score: Floats, peak: Peak, timeline: Timeline, processing: Processing, calibration: Calibration, from_s: int = 0
) -> Candidate:
    """The candidate around a peak of a score that begins at second `from_s`, where the peak is counted from, too."""
    shortest_s, longest_s = processing.shortest_s, processing.longest_s
    first, end, read = grow(score, peak.at, shortest_s, longest_s, calibration.edge_share)
    at = peak.at + from_s
    interval = snap(
        Interval((first + from_s) * 1000, (end + from_s) * 1000),
        at * 1000 + 500,
        timeline,
        shortest_ms=processing.min_length_ms,
        longest_ms=processing.max_length_ms,
        within_ms=calibration.snap_ms,
    )
    return Candidate(replace(peak, at=at), interval, (read + from_s) * 1000)


def highlights_of(
    candidates: Sequence[Candidate],
    sheet: ScoreSheet,
    profile: Profile,
    calibration: Calibration,
    given_ms: Mapping[str, int] = NEVER,
) -> tuple[tuple[Highlight, ...], Mapping[str, int]]:
    """Candidates in order of time as highlights, and when each type that cools down was given last; `given_ms`: before them."""
    found: list[Highlight] = []
    for candidate in candidates:
        highlight, given_ms = _highlight_of(candidate, sheet, profile, calibration, given_ms)
        found.append(highlight)
    return tuple(found), given_ms


def _highlight_of(
    candidate: Candidate, sheet: ScoreSheet, profile: Profile, calibration: Calibration, given_ms: Mapping[str, int]
) -> tuple[Highlight, Mapping[str, int]]:
    """All figures of a candidate that lies within the sheet."""
    at, interval = candidate.peak.at - sheet.start_s, candidate.interval
    contributions = contributions_at(sheet, at)
    scores = dimension_scores(sheet, at)
    score = total(contributions)
    measured = {one.dimension: one.score for one in scores}
    moment = Moment(measured, score, candidate.peak_ms, interval.length_ms)
    types = types_for(moment, profile.types, given_ms)
    names = {kind.name: kind.title for kind in profile.types}
    seconds = slice(interval.start_ms // 1000 - sheet.start_s, -(-interval.end_ms // 1000) - sheet.start_s)
    highlight = Highlight(
        interval.start_ms,
        interval.end_ms,
        candidate.peak_ms,
        types,
        score,
        _confidence(sheet, score, at, seconds, calibration),
        title_for(contributions, names[types[0]] if types else "A moment"),
        reason_for(contributions),
        scores,
        contributions,
        _missing(sheet, profile, seconds),
    )
    return highlight, last_given(moment, types, profile.types, given_ms)


def _confidence(sheet: ScoreSheet, score: float, at: int, seconds: slice, calibration: Calibration) -> float:
    if sheet.trained is not None:
        return confidence_of_trained(score, sheet.trained.known(at), calibration)
    return confidence(score, float(sheet.coverage[seconds].mean()), calibration)


def _missing(sheet: ScoreSheet, profile: Profile, seconds: slice) -> tuple[Modality, ...]:
    """Modalities the profile asks for of which no signal was there for at least half of the seconds."""
    present: dict[Modality, float] = {}
    for name in profile.signals:
        normalised = sheet.signals.get(name)
        share = 0.0 if normalised is None else float((normalised.z[seconds] == normalised.z[seconds]).mean())
        modality = modality_of(name)
        present[modality] = max(present.get(modality, 0.0), share)
    return tuple(modality for modality in Modality if present.get(modality, 1.0) < 0.5)


def _settle_ms(sheet: ScoreSheet, profile: Profile, calibration: Calibration) -> int:
    """What decides a highlight reaches so far beyond its end: scores, a stronger neighbour, a cut to snap to."""
    beyond_s = calibration.peak_radius + 1
    if sheet.trained is not None:
        beyond_s = max(beyond_s, trained_beyond_s(sheet.trained.scorer.segments, profile.processing))
    ahead_s = sheet.settle_s + beyond_s
    grows_ms = profile.processing.max_length_ms if profile.processing.merge_gap_ms else 0
    return ahead_s * 1000 + profile.processing.min_spacing_ms + grows_ms + calibration.snap_ms
