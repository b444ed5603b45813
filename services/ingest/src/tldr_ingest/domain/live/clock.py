"""Stream time of a live source: the timestamps of its pieces and the wall clock, joined across connections. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from statistics import median_low

from tldr_ingest.domain.live.feed import PieceMark, WallSource

STEP_MS = 500
"""Timestamps that go on within so much of what was expected are the same clock; a shorter absence is jitter."""
_ODD_MS = 1_000
# No clock of a source is believed to be farther ahead of ours than it was in the beginning, and this.
_AHEAD_MS = 60_000
# Pieces of time that was given up are left out, but not for longer: then it is the wall clock that went back.
_LATE_MS = 30_000
_MEASURED = 15
_UNCERTAIN_MS = {WallSource.SOURCE: 250, WallSource.ARRIVAL: 1_000}


def unwrapped(ticks: int, expected: int | None, span: int) -> int:
    """The timestamp nearest to what is expected of those that counting modulo `span` makes alike."""
    ticks %= span
    return ticks if expected is None else ticks + (expected - ticks + span // 2) // span * span


@dataclass(frozen=True, slots=True)
class ClockState:
    """Where the clock stands; integers and strings, so that it can be kept beside a segment.

    `clock`: the source's clock, of which `offset_ms` is what stream time has more. `position_ms`: the stream time at which
    the next piece is expected. `wall_ms`, `source_ms`: when the last piece began by either clock. `given_up_ms`: the wall
    clock up to which nothing will come. `ahead_ms`: how far the source's wall clock went ahead of ours. `odd_walls`: how
    often it leapt by more than a second while the timestamps went on. `deviations_ms`: of the last pieces, how much later
    the wall clock was than stream time.
    """

    wall_zero_ms: int
    wall_source: WallSource
    clock: str
    offset_ms: int
    position_ms: int
    wall_ms: int
    source_ms: int
    given_up_ms: int = 0
    ahead_ms: int = 0
    odd_walls: int = 0
    deviations_ms: tuple[int, ...] = ()

    @property
    def measured_ms(self) -> int:
        """How much later the wall clock is than stream time and its zero say, as measured of late."""
        return median_low(self.deviations_ms) if self.deviations_ms else 0

    @property
    def uncertainty_ms(self) -> int:
        """How wrong a wall clock made of stream time may be."""
        seen = self.deviations_ms or (0,)
        return _UNCERTAIN_MS[self.wall_source] + max(abs(max(seen)), abs(min(seen)))

    def wall_of(self, stream_ms: int) -> int:
        """When that happened, in milliseconds since 1970."""
        return self.wall_zero_ms + stream_ms + self.measured_ms


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a piece lies. `joined`: right behind the piece before, on the same clock. `hole`: stream time up to its start of
    which nothing was said yet.
    """

    offset_ms: int
    start_ms: int
    joined: bool
    hole: tuple[int, int] | None = None


class LiveClock:
    """Places pieces, in the order they come, into a stream time that goes with the wall clock and never back. Of a `recorded`
    source it goes with the pieces: one on another clock lies right behind the one before, or behind what is missing.
    """

    def __init__(self, state: ClockState | None = None, *, recorded: bool = False) -> None:
        self._state = state
        self._recorded = recorded
        self._in_gap = False
        self._late_ms = 0

    @property
    def state(self) -> ClockState:
        """Where it stands; there is none before the first piece."""
        assert self._state is not None  # noqa: S101 - asked for behind a piece
        return self._state

    @property
    def running(self) -> bool:
        """Whether there was a piece."""
        return self._state is not None

    @property
    def in_gap(self) -> bool:
        """Whether the last that was said is that time was given up."""
        return self._in_gap

    @property
    def expected_ms(self) -> int | None:
        """The source's own time at which the next piece is expected."""
        return None if self._state is None else self._state.position_ms - self._state.offset_ms

    def give_up_to(self, stream_ms: int) -> None:
        """Stream time up to there was said to be missing already, by an earlier reading."""
        state = self.state
        if stream_ms > state.position_ms:
            wall_ms = max(state.given_up_ms, state.wall_zero_ms + stream_ms)
            self._state = replace(state, position_ms=stream_ms, given_up_ms=wall_ms)
            self._in_gap = True

    def miss(self, start_ms: int, end_ms: int, now_ms: int, told_ms: int) -> tuple[int, int] | None:
        """The stream time that [start_ms, end_ms) of wall time is: from what was told up to then, never shorter than it was.

        What lies within STEP_MS of its end is kept back: the next piece says where it ends.
        """
        if self._state is None:
            return None
        state = self._state
        end_ms = min(end_ms, now_ms + state.ahead_ms + _AHEAD_MS)
        length_ms = end_ms - max(start_ms, state.given_up_ms)
        if length_ms <= 0:
            return None
        wall_at_ms = 0 if self._recorded else end_ms - state.wall_zero_ms
        position_ms = max(state.position_ms + length_ms, wall_at_ms)
        self._state = replace(state, position_ms=position_ms, given_up_ms=end_ms)
        if position_ms <= told_ms:
            return None
        self._in_gap = True
        return (told_ms, position_ms - STEP_MS) if position_ms - STEP_MS > told_ms else None

    def place(
        self, mark: PieceMark, first_ms: int, end_ms: int, now_ms: int, told_ms: int, *, changed: bool = False
    ) -> Placement | None:
        """Place a piece that lasts from `first_ms` to `end_ms` of the source's time. None: it lies in time that was given up.

        `told_ms`: the stream time up to which everything was said. `changed`: it is coded otherwise than the one before.
        """
        if self._state is None:
            return self._begin(mark, first_ms, end_ms, now_ms)
        state = self._state
        believed = not self._recorded and mark.wall_ms - now_ms <= state.ahead_ms + _AHEAD_MS
        if self._is_late(mark, believed):
            return None
        position_ms, in_gap = max(state.position_ms, told_ms), self._in_gap
        kept = mark.clock == state.clock and abs(first_ms + state.offset_ms - state.position_ms) <= STEP_MS
        wall_at_ms = mark.wall_ms - state.wall_zero_ms if believed else position_ms
        start_ms = first_ms + state.offset_ms if kept else max(position_ms, wall_at_ms)
        start_ms = max(start_ms, told_ms) if in_gap else start_ms
        placement = Placement(
            start_ms - first_ms,
            start_ms,
            joined=kept and not in_gap and not changed,
            hole=_hole(told_ms, start_ms, 0 if in_gap else STEP_MS if not kept else None),
        )
        self._go_on(mark, first_ms, end_ms, placement, believed, same=kept and not in_gap)
        return placement

    def _begin(self, mark: PieceMark, first_ms: int, end_ms: int, now_ms: int) -> Placement:
        self._state = ClockState(
            wall_zero_ms=mark.wall_ms,
            wall_source=mark.wall_source,
            clock=mark.clock,
            offset_ms=-first_ms,
            position_ms=end_ms - first_ms,
            wall_ms=mark.wall_ms,
            source_ms=first_ms,
            ahead_ms=max(0, mark.wall_ms - now_ms),
            deviations_ms=(0,),
        )
        return Placement(-first_ms, 0, joined=False)

    def _is_late(self, mark: PieceMark, believed: bool) -> bool:
        late = self._in_gap and believed and self.state.given_up_ms - mark.wall_ms > STEP_MS
        if not late or self._late_ms + mark.duration_ms > _LATE_MS:
            self._late_ms = 0
            return False
        self._late_ms += mark.duration_ms
        return True

    def _go_on(
        self, mark: PieceMark, first_ms: int, end_ms: int, placed: Placement, believed: bool, *, same: bool
    ) -> None:
        state = self.state
        leapt = mark.wall_ms - state.wall_ms - (first_ms - state.source_ms)
        odd = not believed or (same and abs(leapt) > _ODD_MS)
        deviations = state.deviations_ms
        if not odd:
            deviations = (*deviations, mark.wall_ms - state.wall_zero_ms - placed.start_ms)[-_MEASURED:]
        self._in_gap = False
        self._state = replace(
            state,
            wall_source=mark.wall_source,
            clock=mark.clock,
            offset_ms=placed.offset_ms,
            position_ms=end_ms + placed.offset_ms,
            wall_ms=mark.wall_ms,
            source_ms=first_ms,
            odd_walls=state.odd_walls + odd,
            deviations_ms=deviations,
        )


def _hole(told_ms: int, start_ms: int, least_ms: int | None) -> tuple[int, int] | None:
    if least_ms is None or start_ms <= told_ms or start_ms - told_ms < least_ms:
        return None
    return told_ms, start_ms
