"""One rule of rounding for all."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from tldr_media.stream_time import latest_millisecond, to_microseconds, to_milliseconds, to_ticks

TICKS = st.integers(-(10**9), 10**9)
RATES = st.sampled_from([1, 25, 1000, 15360, 30000, 44100, 90000])


@given(TICKS, RATES, st.integers(-50, 50))
def test_whole_seconds_can_be_moved_without_changing_a_millisecond(ticks: int, rate: int, seconds: int) -> None:
    moved = ticks + seconds * rate
    assert to_milliseconds(moved, 1, rate) == to_milliseconds(ticks, 1, rate) + 1000 * seconds
    assert to_microseconds(moved, 1, rate) == to_microseconds(ticks, 1, rate) + 1_000_000 * seconds


@given(TICKS, st.sampled_from([1, 1001]), RATES)
def test_the_nearest_is_meant_and_halves_go_up(ticks: int, numerator: int, rate: int) -> None:
    seconds, half = Fraction(ticks * numerator, rate), Fraction(1, 2)
    assert -half < to_milliseconds(ticks, numerator, rate) - 1000 * seconds <= half
    assert -half < to_microseconds(ticks, numerator, rate) - 1_000_000 * seconds <= half


@given(st.integers(-(10**8), 10**8), st.sampled_from([1000, 15360, 44100, 90000]))
def test_milliseconds_survive_finer_ticks(milliseconds: int, rate: int) -> None:
    assert to_milliseconds(to_ticks(milliseconds, 1, rate), 1, rate) == milliseconds


def test_a_fraction_of_a_millisecond_has_its_tick() -> None:
    assert to_ticks(Fraction(1001 * 7, 30), 1001, 30_000) == 7


def test_a_frame_belongs_to_the_range_that_either_rounding_of_its_time_gives() -> None:
    # 4004 / 30 = 133.47 ms: a boundary rounded to 133 or to 134 begins with this frame.
    assert latest_millisecond(4, 1001, 30_000) == 134
    assert latest_millisecond(0, 1, 90_000) == 1
