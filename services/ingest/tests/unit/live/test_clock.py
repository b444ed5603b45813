"""Stream time of a live source: it goes with the wall clock, on across connections, and never back."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tldr_ingest.domain.live.clock import STEP_MS, LiveClock, Placement, unwrapped
from tldr_ingest.domain.live.feed import PieceMark, WallSource

WALL = 1_795_435_200_000
LATER = WALL + 1_000_000_000
SPAN = 1 << 33


def mark(at_ms: int, *, clock: str = "0", duration_ms: int = 2000) -> PieceMark:
    return PieceMark(clock, 0, "a", WALL + at_ms, WallSource.SOURCE, duration_ms)


def placed(clock: LiveClock, at_ms: int, first_ms: int, *, name: str = "0", told_ms: int | None = None) -> Placement:
    told = clock.state.position_ms if clock.running and told_ms is None else told_ms or 0
    found = clock.place(mark(at_ms, clock=name), first_ms, first_ms + 2000, LATER, told)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("ticks", "expected", "found"),
    [
        (5, None, 5),
        (-5, None, SPAN - 5),
        (5, SPAN - 10, SPAN + 5),
        (SPAN - 5, SPAN + 5, SPAN - 5),
        (SPAN - 5, 3 * SPAN + 5, 3 * SPAN - 5),
        (7, 7, 7),
    ],
)
def test_timestamps_that_began_anew_are_the_nearest_to_what_is_expected(
    ticks: int, expected: int | None, found: int
) -> None:
    assert unwrapped(ticks, expected, SPAN) == found


def test_pieces_of_one_clock_follow_their_timestamps_whatever_the_wall_clock_says() -> None:
    clock = LiveClock()
    assert placed(clock, 0, 50_000).start_ms == 0
    assert placed(clock, 2300, 52_000) == Placement(-50_000, 2000, joined=True)
    assert clock.state.odd_walls == 0
    assert placed(clock, 9000, 54_000).start_ms == 4000
    assert clock.state.odd_walls == 1
    assert clock.state.measured_ms == 0
    assert clock.state.uncertainty_ms == 250 + 300


def test_a_lasting_difference_of_the_wall_clock_is_measured() -> None:
    clock = LiveClock()
    placed(clock, 0, 0)
    for number in range(1, 20):
        placed(clock, 2000 * number + 40 * number, 2000 * number)
    assert clock.state.measured_ms == pytest.approx(40 * 12, abs=40)
    assert clock.state.wall_of(38_000) == WALL + 38_000 + clock.state.measured_ms
    assert len(clock.state.deviations_ms) == 15


@pytest.mark.parametrize(
    ("at_ms", "first_ms", "name", "start_ms", "hole"),
    [
        (2000, 52_400, "0", 2400, None),
        (2600, 52_600, "0", 2600, (2000, 2600)),
        (9000, 52_600, "0", 9000, (2000, 9000)),
        (2000, 51_000, "0", 2000, None),
        (2000, 0, "1", 2000, None),
        (2300, 0, "1", 2300, None),
        (32_000, 0, "1", 32_000, (2000, 32_000)),
        (1000, 0, "1", 2000, None),
    ],
)
def test_a_step_or_another_clock_begins_where_the_wall_clock_says_but_not_earlier(
    at_ms: int, first_ms: int, name: str, start_ms: int, hole: tuple[int, int] | None
) -> None:
    clock = LiveClock()
    placed(clock, 0, 50_000)
    found = placed(clock, at_ms, first_ms, name=name)
    assert (found.start_ms, found.hole) == (start_ms, hole)
    assert found.offset_ms == start_ms - first_ms


def test_what_is_missing_is_never_shorter_than_it_was() -> None:
    """Stream time that is ahead of the wall clock swallows no absence."""
    clock = LiveClock()
    placed(clock, 0, 0)
    placed(clock, 500, 0, name="1")
    assert clock.state.position_ms == 4000
    assert clock.miss(WALL + 2500, WALL + 5500, LATER, 4000) == (4000, 7000 - STEP_MS)
    assert clock.state.position_ms == 7000


def test_a_silence_that_is_told_in_parts_is_as_long_as_at_once() -> None:
    clock = LiveClock()
    placed(clock, 0, 0)
    told = 2000
    for part in range(5):
        passed = clock.miss(WALL + 2000 + 3000 * part, WALL + 5000 + 3000 * part, LATER, told)
        assert passed is not None
        told = passed[1]
    assert clock.miss(WALL + 2000, WALL + 17_000, LATER, told) is None
    found = placed(clock, 17_000, 17_000, told_ms=told)
    assert (found.start_ms, found.hole) == (17_000, (told, 17_000))


def test_a_wall_clock_from_the_future_is_not_believed() -> None:
    clock = LiveClock()
    clock.place(mark(0), 0, 2000, WALL, 0)
    found = clock.place(mark(18_000_000, clock="1"), 0, 2000, WALL + 2000, 2000)
    assert found is not None
    assert (found.start_ms, found.hole, clock.state.odd_walls) == (2000, None, 1)


def test_pieces_of_time_that_was_given_up_are_left_out_for_a_while() -> None:
    clock = LiveClock()
    placed(clock, 0, 0)
    clock.miss(WALL + 2000, WALL + 60_000, LATER, 2000)
    late = [clock.place(mark(2000 + 2000 * n), 2000 + 2000 * n, 4000 + 2000 * n, LATER, 59_500) for n in range(16)]
    assert late[:15] == [None] * 15
    assert late[15] is not None
    assert late[15].start_ms == 60_000


def test_what_was_told_of_by_an_earlier_reading_is_behind() -> None:
    clock = LiveClock()
    placed(clock, 0, 0)
    again = LiveClock(clock.state)
    again.give_up_to(12_000)
    assert again.miss(WALL + 2000, WALL + 9000, LATER, 12_000) is None
    found = placed(again, 14_000, 14_000, told_ms=12_000)
    assert (found.start_ms, found.hole) == (14_000, (12_000, 14_000))


@dataclass(frozen=True)
class Step:
    """What happens next: a piece of `duration_ms` comes after `away_ms` of which the source may say so."""

    duration_ms: int
    away_ms: int
    said: bool
    restarts: bool
    counts_from_ms: int
    skew_ms: int


steps = st.lists(
    st.builds(
        Step,
        duration_ms=st.integers(200, 6000),
        away_ms=st.sampled_from([0, 0, 0, 1, 400, 700, 2500, 40_000]),
        said=st.booleans(),
        restarts=st.booleans(),
        counts_from_ms=st.integers(0, 95_443_717),
        skew_ms=st.integers(-400, 400),
    ),
    min_size=1,
    max_size=40,
)


@given(steps)
@settings(max_examples=200, deadline=None)
def test_stream_time_goes_on_with_the_wall_clock_whatever_happens(history: list[Step]) -> None:
    clock, told, wall, source, number = LiveClock(), 0, 0, 0, 0
    absent = passed_ms = 0
    for step in history:
        if clock.running and step.away_ms and step.said:
            passed = clock.miss(WALL + wall, WALL + wall + step.away_ms, LATER, told)
            if passed is not None:
                assert passed[0] == told
                passed_ms += passed[1] - told
                told = passed[1]
            absent += step.away_ms
        if clock.running:
            wall, source = wall + step.away_ms, source + step.away_ms
        if step.restarts:
            source, number = step.counts_from_ms, number + 1
        here = replace(mark(wall + step.skew_ms), clock=str(number), duration_ms=step.duration_ms)
        found = clock.place(here, source, source + step.duration_ms, LATER, told)
        wall, source = wall + step.duration_ms, source + step.duration_ms
        if found is None:
            clock.miss(here.wall_ms, here.wall_ms + here.duration_ms, LATER, told)
            continue
        if found.hole is not None:
            assert found.hole[0] == told
            passed_ms += found.hole[1] - told
            told = found.hole[1]
        assert found.start_ms >= told - STEP_MS
        assert abs(found.start_ms + step.duration_ms - clock.state.position_ms) == 0
        told = max(told, clock.state.position_ms)
    assert passed_ms >= absent - 2 * STEP_MS * len(history)
    assert told >= wall - 1000
    assert clock.state.wall_of(told) == pytest.approx(WALL + wall, abs=1000 + 900 * len(history))
