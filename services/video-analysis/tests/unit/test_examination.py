"""What is worth a closer look, and how much of it is affordable."""

import numpy as np

from tldr_video_analysis.domain.pictures.cut_hints import CutHint
from tldr_video_analysis.domain.pictures.examination import (
    eventful_seconds,
    examined_ranges,
    examined_time_us,
    unknown_ranges,
)

KEYFRAMES = np.arange(0, 40_000_000, 2_000_000, dtype=np.int64)
UNKNOWN = np.full(20, np.nan)


def hint(at_s: float, strength: float) -> CutHint:
    at = int(at_s * 1e6)
    return CutHint(at, at - 200_000, at + 400_000, strength, sure=False)


def test_seconds_that_stand_out_by_change_or_loudness_are_eventful_the_most_eventful_first() -> None:
    rate, loudness = np.full(20, 500.0), np.full(20, -23.0)
    rate[5], rate[6], loudness[12] = 2_000.0, 900.0, -12.0
    assert eventful_seconds(rate, loudness).tolist() == [5, 12, 6]


def test_a_steady_batch_has_no_eventful_second() -> None:
    assert len(eventful_seconds(np.full(20, 500.0), UNKNOWN)) == 0
    assert len(eventful_seconds(np.linspace(450, 550, 20), np.linspace(-25, -21, 20))) == 0


def test_what_is_examined_starts_at_a_keyframe_and_stays_within_the_budget() -> None:
    hints = [hint(at, 1.0) for at in (1.0, 5.0, 9.0, 13.0, 17.0)]
    ranges = examined_ranges(hints, [(21_000_000, 22_000_000)], [], KEYFRAMES, 4_000_000)
    assert all(start in KEYFRAMES for start, _ in ranges)
    assert 0 < sum(end - start for start, end in ranges) <= 4_000_000


def test_the_strongest_hint_comes_first() -> None:
    ranges = examined_ranges([hint(5.0, 0.5), hint(9.0, 1.5)], [], [], KEYFRAMES, 1_500_000)
    assert ranges == ((8_000_000, 9_400_000),)


def test_what_is_too_dear_is_passed_over_for_what_fits() -> None:
    ranges = examined_ranges([hint(9.9, 1.5), hint(4.3, 0.5)], [], [], KEYFRAMES, 1_000_000)
    assert ranges == ((4_000_000, 4_700_000),)


def test_ranges_that_overlap_are_one() -> None:
    ranges = examined_ranges([hint(5.0, 1.0)], [(5_000_000, 6_000_000)], [], KEYFRAMES, 4_000_000)
    assert ranges == ((4_000_000, 6_000_000),)


def test_without_a_keyframe_before_it_nothing_can_be_examined() -> None:
    assert examined_ranges([hint(1.0, 1.0)], [], [], KEYFRAMES[3:], 4_000_000) == ()


def test_rare_keyframes_leave_time_to_look_up_to_four_times_the_share() -> None:
    assert examined_time_us(0.1, 40, keyframes=20) == examined_time_us(0.1, 40, keyframes=80) == 4_000_000
    assert examined_time_us(0.1, 40, keyframes=10) == 8_000_000
    assert examined_time_us(0.1, 40, keyframes=0) == 16_000_000


def test_time_that_is_left_goes_to_the_longest_ranges_without_a_keyframe() -> None:
    keyframes = np.array([0, 2, 7, 11, 13], dtype=np.int64) * 1_000_000
    assert unknown_ranges(keyframes, 20_000_000) == [
        (13_000_000, 20_000_000),
        (2_000_000, 7_000_000),
        (7_000_000, 11_000_000),
    ]
    ranges = examined_ranges([hint(0.5, 1.0)], [], unknown_ranges(keyframes, 20_000_000), keyframes, 6_000_000)
    assert ranges == ((0, 900_000), (13_000_000, 18_100_000))
