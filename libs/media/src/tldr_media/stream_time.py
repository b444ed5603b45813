"""Timestamps of media files, in ticks of a time base of numerator / denominator seconds, and stream time."""

from fractions import Fraction


def to_milliseconds(ticks: int, numerator: int, denominator: int) -> int:
    """Ticks of a time base to the nearest millisecond; halves go up, so that shifting by whole seconds is exact."""
    # Runs for every packet, so it is written out: 46,000 times for ten minutes.
    return (2000 * ticks * numerator + denominator) // (2 * denominator)


def to_microseconds(ticks: int, numerator: int, denominator: int) -> int:
    """Ticks of a time base to the nearest microsecond; halves go up."""
    return (2_000_000 * ticks * numerator + denominator) // (2 * denominator)


def to_ticks(milliseconds: int | Fraction, numerator: int, denominator: int) -> int:
    """Milliseconds to the nearest tick of a time base; halves go up."""
    return int((2 * milliseconds * denominator + 1000 * numerator) // (2000 * numerator))


def latest_millisecond(ticks: int, numerator: int, denominator: int) -> int:
    """The latest millisecond that means a frame at `ticks`.

    The offset of a segment and the boundary of a clip are both rounded to a millisecond, so they may disagree by one: a
    frame belongs to `[start, end)` when `start <= latest_millisecond < end`.
    """
    return 1000 * ticks * numerator // denominator + 1
