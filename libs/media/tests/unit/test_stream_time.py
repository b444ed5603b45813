"""One rule of rounding for all."""

from fractions import Fraction

import pytest

from tldr_media.stream_time import latest_millisecond, to_microseconds, to_milliseconds, to_ticks

BASES = [(1, 90_000), (1, 48_000), (1, 44_100), (1001, 30_000), (1, 1000), (1, 1), (1, 25)]


@pytest.mark.parametrize("base", BASES)
def test_halves_go_up_so_that_shifting_by_whole_seconds_is_exact(base: tuple[int, int]) -> None:
    numerator, denominator = base
    for ticks in (-1_234_567, -1, 0, 1, 45, 1_234_567):
        exact = Fraction(1000 * ticks * numerator, denominator)
        found = to_milliseconds(ticks, *base)
        assert exact - Fraction(1, 2) < found <= exact + Fraction(1, 2)
        assert to_milliseconds(ticks + denominator, *base) == found + 1000 * numerator
        assert to_microseconds(ticks + denominator, *base) == to_microseconds(ticks, *base) + 1_000_000 * numerator


@pytest.mark.parametrize("base", BASES[:3])
def test_a_millisecond_comes_back_from_ticks_that_are_finer(base: tuple[int, int]) -> None:
    for milliseconds in (-2001, -1, 0, 1, 33, 59_999_999):
        assert to_milliseconds(to_ticks(milliseconds, *base), *base) == milliseconds
        assert to_microseconds(to_ticks(milliseconds, *base), *base) == pytest.approx(1000 * milliseconds, abs=12)


def test_a_fraction_of_a_millisecond_has_its_tick() -> None:
    assert to_ticks(Fraction(1001 * 7, 30), 1001, 30_000) == 7


def test_a_frame_belongs_to_the_range_that_either_rounding_of_its_time_gives() -> None:
    # 4004 / 30 = 133.47 ms: a boundary rounded to 133 or to 134 begins with this frame.
    assert latest_millisecond(4, 1001, 30_000) == 134
    assert latest_millisecond(0, 1, 90_000) == 1
