from tldr_fusion_detector.domain.moments.boundaries import Interval
from tldr_fusion_detector.domain.moments.peaks import Peak
from tldr_fusion_detector.domain.moments.selection import Candidate, Spacing, at_most, without_conflicts
from tldr_fusion_detector.domain.signals.baseline import Mode


def _candidate(start_s: int, at: int, end_s: int, height: float) -> Candidate:
    return Candidate(Peak(at, height, height), Interval(start_s * 1000, end_s * 1000))


def _kept(
    *candidates: Candidate, spacing_s: int = 2, gap_s: int = 0, longest_s: int = 60
) -> list[tuple[int, int, int]]:
    spacing = Spacing(spacing_s * 1000, 5_000, gap_s * 1000, longest_s * 1000)
    kept = without_conflicts(candidates, spacing, 1_000_000)
    return [(c.interval.start_ms // 1000, c.peak.at, c.interval.end_ms // 1000) for c in kept]


def test_the_higher_of_two_that_conflict_is_kept() -> None:
    assert _kept(_candidate(10, 15, 25, 0.5), _candidate(20, 26, 35, 0.8)) == [(20, 26, 35)]
    assert _kept(_candidate(10, 15, 25, 0.8), _candidate(20, 26, 35, 0.5)) == [(10, 15, 25)]


def test_of_equals_the_earlier_is_kept() -> None:
    assert _kept(_candidate(10, 15, 25, 0.5), _candidate(20, 26, 35, 0.5)) == [(10, 15, 25)]


def test_an_overlap_that_spares_the_peak_only_moves_the_later_start() -> None:
    assert _kept(_candidate(10, 15, 25, 0.5), _candidate(22, 30, 35, 0.8)) == [(10, 15, 25), (27, 30, 35)]


def test_a_moved_start_keeps_the_least_length() -> None:
    assert _kept(_candidate(10, 15, 25, 0.5), _candidate(22, 28, 30, 0.8)) == [(10, 15, 25), (27, 28, 32)]


def test_what_lies_near_becomes_one_with_the_higher_peak_where_both_together_are_not_too_long() -> None:
    near = (_candidate(10, 15, 25, 0.5), _candidate(29, 33, 40, 0.8), _candidate(41, 44, 50, 0.6))
    assert _kept(*near, gap_s=4) == [(10, 33, 50)]
    assert _kept(*near, gap_s=3) == [(10, 15, 25), (29, 33, 50)]
    assert _kept(*near, gap_s=4, longest_s=30) == [(10, 33, 40), (42, 44, 50)]
    assert _kept(*near) == [(10, 15, 25), (29, 33, 40), (42, 44, 50)]


def test_what_would_conflict_becomes_one_where_it_may() -> None:
    assert _kept(_candidate(10, 15, 25, 0.5), _candidate(20, 26, 35, 0.8), gap_s=1) == [(10, 26, 35)]
    assert _kept(_candidate(10, 15, 25, 0.5), _candidate(20, 26, 35, 0.8), gap_s=1, longest_s=20) == [(20, 26, 35)]


def test_of_all_a_recording_keeps_the_highest_and_a_live_stream_the_first() -> None:
    candidates = tuple(_candidate(60 * i, 60 * i + 5, 60 * i + 10, 0.3 + i / 100) for i in range(30))
    assert [c.peak.at for c in at_most(candidates, 0, Mode.RECORDED, 2)] == [28 * 60 + 5, 29 * 60 + 5]
    assert [c.peak.at for c in at_most(candidates, 0, Mode.LIVE, 2)] == [5, 65]
    assert [c.peak.at for c in at_most(candidates, 1, Mode.RECORDED, 2)] == [29 * 60 + 5]


def test_any_hour_holds_at_most_the_limit_and_a_recording_keeps_the_highest() -> None:
    candidates = tuple(_candidate(60 * i, 60 * i + 5, 60 * i + 10, 0.3 + i / 100) for i in range(30))
    assert [c.peak.at for c in at_most(candidates, 3, Mode.RECORDED)] == [27 * 60 + 5, 28 * 60 + 5, 29 * 60 + 5]
    assert [c.peak.at for c in at_most(candidates, 3, Mode.LIVE)] == [5, 65, 125]
    assert at_most(candidates, 0, Mode.LIVE) == candidates


def test_the_limit_counts_by_the_hour() -> None:
    candidates = tuple(_candidate(1800 * i, 1800 * i + 5, 1800 * i + 10, 0.5) for i in range(6))
    assert [c.peak.at // 1800 for c in at_most(candidates, 1, Mode.LIVE)] == [0, 2, 4]
