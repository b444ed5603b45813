"""From a trained score to candidates for highlights, within the limits of the profile."""

import numpy as np

from tldr_fusion_detector.domain.moments.boundaries import Interval, snap
from tldr_fusion_detector.domain.moments.peaks import Peak
from tldr_fusion_detector.domain.moments.selection import Candidate
from tldr_fusion_detector.domain.profile.calibration import Calibration
from tldr_fusion_detector.domain.profile.profile import Processing
from tldr_fusion_detector.domain.scoring.scorer.segments import SegmentRule, at_least
from tldr_fusion_detector.domain.signals.signals import Floats
from tldr_fusion_detector.domain.signals.timeline import Timeline


def trained_segments(rule: SegmentRule, score: Floats, processing: Processing) -> tuple[tuple[int, int], ...]:
    """[first, end) seconds by the rule, with lengths as the processing wants them."""
    segments = rule.segments(score, processing.longest_s)
    return tuple(at_least(segment, score, processing.shortest_s) for segment in segments)


def trained_candidates(
    rule: SegmentRule, score: Floats, timeline: Timeline, processing: Processing, calibration: Calibration
) -> tuple[Candidate, ...]:
    """A candidate for each segment that reaches the profile's least score; its peak is its highest second."""
    segments = trained_segments(rule, score, processing)
    found = (trained_candidate(rule, segment, score, timeline, processing, calibration) for segment in segments)
    return tuple(candidate for candidate in found if candidate is not None)


def trained_candidate(
    rule: SegmentRule,
    segment: tuple[int, int],
    score: Floats,
    timeline: Timeline,
    processing: Processing,
    calibration: Calibration,
    from_s: int = 0,
) -> Candidate | None:
    """The candidate of a segment, None below the least score; score and segment count from second `from_s`."""
    first, end = segment
    at = first + int(np.argmax(score[first:end]))
    height = float(score[at])
    if height < processing.min_score:
        return None
    interval = snap(
        Interval((first + from_s) * 1000, (end + from_s) * 1000),
        (at + from_s) * 1000 + 500,
        timeline,
        shortest_ms=processing.min_length_ms,
        longest_ms=processing.max_length_ms,
        within_ms=calibration.snap_ms,
    )
    return Candidate(Peak(at + from_s, height, height - rule.stay), interval)


def trained_beyond_s(rule: SegmentRule, processing: Processing) -> int:
    """Seconds beyond a segment's end whose scores decide it: those of the segment behind it, too."""
    return rule.merge_s + processing.max_length_ms // 1000 + 1
