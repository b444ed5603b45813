"""Stream time from timestamps that start anywhere, jump and go back."""

from __future__ import annotations

from dataclasses import dataclass, field

from tldr_ingest.domain.media import Modality, ReadGap

# A reordered picture (B-frames) may lie this far behind; more is a clock that was restarted.
BACK_LIMIT_MS = 2_000
# A step larger than this is a hole in the recording, not a slow frame rate.
FORWARD_LIMIT_MS = 10_000
# No recorder pauses longer and goes on with the same clock; a larger step is a clock that was restarted.
BELIEVED_MS = 3_600_000


def to_milliseconds(ticks: int, numerator: int, denominator: int) -> int:
    """Ticks of a time base to the nearest millisecond; halves go up, so that shifting by whole seconds is exact."""
    return (2000 * ticks * numerator + denominator) // (2 * denominator)


def to_ticks(milliseconds: int, numerator: int, denominator: int) -> int:
    """Milliseconds to the nearest tick of a time base."""
    return (2 * milliseconds * denominator + 1000 * numerator) // (2000 * numerator)


@dataclass(slots=True)
class TrackClock:
    """One track's time base and how far it has come; all times but `last_end_ms` are in ticks, after `shift`."""

    modality: Modality
    numerator: int
    denominator: int
    forward_limit_ms: int = FORWARD_LIMIT_MS
    shift: int = 0
    last_order: int | None = None
    last_end_ms: int = 0
    step: int = 0
    back_limit: int = field(init=False)
    forward_limit: int = field(init=False)

    def __post_init__(self) -> None:
        self.back_limit = -self.ticks(BACK_LIMIT_MS)
        self.forward_limit = self.ticks(self.forward_limit_ms)

    def ticks(self, milliseconds: int) -> int:
        return to_ticks(milliseconds, self.numerator, self.denominator)

    def milliseconds(self, ticks: int) -> int:
        return to_milliseconds(ticks, self.numerator, self.denominator)


@dataclass(slots=True)
class Timeline:
    """Keeps stream time going forwards: holes stay holes (and are gaps), restarted clocks are joined without one.

    `zero_ms` is where the stream starts on the source's own clock.
    """

    zero_ms: int = 0
    shift_ms: int = 0
    gaps: list[ReadGap] = field(default_factory=list)

    @property
    def spliced(self) -> bool:
        """Whether a clock was restarted so far."""
        return self.shift_ms != 0

    def on_jump(self, clock: TrackClock, order: int, covered: bool) -> None:
        """Decide what a step out of the limits means and set the track's shift.

        `order` is the source's own DTS, or PTS where there is none, in ticks. `covered` says that the packet
        before claims to last until here: a picture that was shown for a minute is no gap.
        """
        arrived = clock.milliseconds(order + clock.shift)
        ahead = arrived - clock.last_end_ms
        if -BACK_LIMIT_MS <= ahead <= BELIEVED_MS:
            if ahead > 0 and not covered:
                self._record_hole(clock, arrived)
            return
        # The other track may have met the restart first; picture and sound must be moved by the same time.
        joined = clock.milliseconds(order) + self.shift_ms
        if not (self.spliced and abs(joined - clock.last_end_ms) <= FORWARD_LIMIT_MS):
            self.shift_ms = clock.last_end_ms - clock.milliseconds(order)
        clock.shift = clock.ticks(self.shift_ms)

    def _record_hole(self, clock: TrackClock, arrived_ms: int) -> None:
        start, end = clock.last_end_ms - self.zero_ms, arrived_ms - self.zero_ms
        seconds = (end - start) / 1000
        reason = f"The recording's timestamps jump over {seconds:.1f} s in which it has no {clock.modality}."
        self.gaps.append(ReadGap(clock.modality, max(0, start), end, "timestamp_jump", reason))
