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
    longest_s = max(processing.max_length_ms // 1000, 1)
    shortest_s = min(-(-processing.min_length_ms // 1000), longest_s)
    return tuple(at_least(segment, score, shortest_s) for segment in rule.segments(score, longest_s))


def trained_candidates(
    rule: SegmentRule, score: Floats, timeline: Timeline, processing: Processing, calibration: Calibration
) -> tuple[Candidate, ...]:
    """A candidate for each segment that reaches the profile's least score; its peak is its highest second."""
    found = []
    for first, end in trained_segments(rule, score, processing):
        at = first + int(np.argmax(score[first:end]))
        height = float(score[at])
        if height < processing.min_score:
            continue
        interval = snap(
            Interval(first * 1000, end * 1000),
            at * 1000 + 500,
            timeline,
            shortest_ms=processing.min_length_ms,
            longest_ms=processing.max_length_ms,
            within_ms=calibration.snap_ms,
        )
        found.append(Candidate(Peak(at, height, height - rule.stay), interval))
    return tuple(found)


def trained_beyond_s(rule: SegmentRule, processing: Processing) -> int:
    """Seconds beyond a segment's end whose scores decide it: those of the segment behind it, too."""
    return rule.merge_s + processing.max_length_ms // 1000 + 1
