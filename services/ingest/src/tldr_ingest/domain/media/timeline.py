"""Stream time from timestamps that start anywhere, jump and go back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tldr_ingest.domain.media.source import Modality
from tldr_media.stream_time import to_milliseconds, to_ticks

# A reordered picture (B-frames) may lie this far behind; more is a clock that was restarted.
BACK_LIMIT_MS = 2_000
# A step of more than this may lead to another clock.
FORWARD_LIMIT_MS = 10_000
# No recorder pauses longer and goes on with the same clock; a larger step is a clock that was restarted.
BELIEVED_MS = 3_600_000


@dataclass(slots=True)
class TrackClock:
    """One track's time base and how far it has come, in ticks after `shift`.

    `last_order` is the last DTS (PTS where there is none), `last_end` the highest end of a packet so far.
    """

    modality: Modality
    numerator: int
    denominator: int
    hole_ms: int = FORWARD_LIMIT_MS
    shift: int = 0
    last_order: int | None = None
    last_end: int = 0
    step: int = 0
    back_limit: int = field(init=False)
    hole_limit: int = field(init=False)

    def __post_init__(self) -> None:
        self.back_limit = -self.ticks(BACK_LIMIT_MS)
        self.hole_limit = self.ticks(self.hole_ms)

    def ticks(self, milliseconds: int) -> int:
        return to_ticks(milliseconds, self.numerator, self.denominator)

    def milliseconds(self, ticks: int) -> int:
        return to_milliseconds(ticks, self.numerator, self.denominator)


@dataclass(frozen=True, slots=True)
class _Left:
    """Where another clock went on: the time of the clock that was left, and stream time, in ms."""

    source_ms: int
    stream_ms: int


@dataclass(slots=True)
class Timeline:
    """Keeps stream time going forwards: holes stay holes, other clocks are joined without one.

    Spliced recordings (advertisements, a pre-roll) change clocks: back to a lower one, which is plain, but also forwards,
    which looks like a hole. Forwards is a splice where a clock that was left goes on, or where the packets at the joint are
    coded differently; `changed` tells that. What stays unknown is taken for a hole; `Holes` says so.
    `zero_ms` is where the stream starts on the source's own clock.
    """

    zero_ms: int = 0
    shift_ms: int = 0
    changed: Callable[[TrackClock], bool] = lambda _: False
    _left: list[_Left] = field(default_factory=list)

    @property
    def spliced(self) -> bool:
        """Whether another clock was joined so far."""
        return bool(self._left)

    def place(self, clock: TrackClock, pts: int, order: int, duration: int) -> None:
        """Move the track's clock on by a packet; sets `shift`, `step` and `last_end`.

        `pts` and `order` (DTS, or PTS where there is none) are the source's own, in ticks. Runs for every packet.
        """
        last = clock.last_order
        if last is None:
            clock.shift = clock.ticks(self.shift_ms)
            clock.last_end = pts + clock.shift
        else:
            step = order + clock.shift - last
            ahead = pts + clock.shift - clock.last_end
            if step < clock.back_limit or ahead > clock.hole_limit:
                self._on_jump(clock, order, last, ahead)
                step = order + clock.shift - last
            duration = duration or max(step, 0)
        clock.step = duration
        clock.last_order = order + clock.shift
        clock.last_end = max(clock.last_end, pts + clock.shift + duration)

    def _on_jump(self, clock: TrackClock, order: int, last: int, ahead: int) -> None:
        # The other track may have met the splice first; picture and sound must be moved by the same time.
        known = clock.ticks(self.shift_ms)
        if clock.shift != known and abs(order + known - last) <= clock.ticks(FORWARD_LIMIT_MS):
            clock.shift = known
            return
        believed = 0 < ahead <= clock.ticks(BELIEVED_MS)
        if believed and not self._goes_on(clock, order, last) and not self.changed(clock):
            return
        end = last + clock.step
        self._left.append(_Left(clock.milliseconds(end - clock.shift), clock.milliseconds(end)))
        self.shift_ms = clock.milliseconds(end) - clock.milliseconds(order)
        clock.shift = clock.ticks(self.shift_ms)

    def _goes_on(self, clock: TrackClock, order: int, last: int) -> bool:
        """Whether this is a clock that was left before: where it was then, or as much later as time has passed since."""
        source_ms, now_ms = clock.milliseconds(order), clock.milliseconds(last)
        return any(
            -FORWARD_LIMIT_MS <= source_ms - left.source_ms <= now_ms - left.stream_ms + FORWARD_LIMIT_MS
            for left in self._left
        )
